#compdef syndicate
# zsh completion of syndicate: source it after compinit, or put it as _syndicate into a folder of $fpath
_syndicate() {
    eval "$(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" _SYNDICATE_COMPLETE=complete_zsh ${~words[1]} 2>/dev/null)"
}
if [[ ${funcstack[1]-} == _syndicate ]]; then
    _syndicate "$@"
else
    compdef _syndicate syndicate
fi
