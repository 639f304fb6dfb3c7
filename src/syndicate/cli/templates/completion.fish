# fish completion of syndicate: copy it to ~/.config/fish/completions/syndicate.fish
function __syndicate_complete
    env _SYNDICATE_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=$argv[1] _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) \
        (commandline -opc)[1] 2>/dev/null
end
complete --command syndicate --no-files --arguments "(__syndicate_complete get-args)" --condition "__syndicate_complete is-args"
