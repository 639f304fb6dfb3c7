# bash completion of syndicate: source it, or copy it to /usr/share/bash-completion/completions/syndicate
_syndicate() {
    local IFS=$'\n'
    COMPREPLY=($(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" _SYNDICATE_COMPLETE=complete_bash "$1" 2>/dev/null))
}
complete -o default -F _syndicate syndicate
