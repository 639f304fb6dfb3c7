"""Bad input, each piece with what is expected of it written beside it.

make        documents of every format, right but for what a case is about
case        the shape of a case
xmlcases    jsoncases    pagecases    values       documents, one case each
markup      active content that no document may carry into what we publish
addresses   addresses of forbidden schemes, in each place where one can stand
wire        a server that says what it likes, byte by byte
answers     statuses     redirects                           what it says
world       a folder, a store, an outlet, and a network that leads nowhere; `ask` is the one way in
scan        what is published, looked through for anything active        check   all that must be true afterwards
"""
