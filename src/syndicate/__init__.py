"""syndicate: press releases in, valid feeds out, one per topic.

The pipeline is a sentence:

    source | fetch | parse | normalise | revise | classify | place | store        = ingest
    what a clock or a person does | revise | classify | place | store             = amend
    topic  | store | paginate | render | validate | publish                       = syndicate
    feeds/ | serve                                                                = what readers get

The three verbs are `pipeline/`; `app/` runs them as jobs and tells events, `schedule/` says when.
"""

__version__ = "0.1.0"
