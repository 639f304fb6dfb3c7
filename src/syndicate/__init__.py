"""syndicate: press releases in, valid feeds out, one per topic.

The pipeline is a sentence:

    source | fetch | parse | normalise | revise | classify | store        = ingest
    topic  | store | paginate | render | validate | publish               = syndicate
    feeds/ | serve                                                        = what readers get

What a clock or a person does to a release (lift an embargo, …) is a third task, `amend`.
"""

__version__ = "0.1.0"
