extension Shell {
    static let fishScript = #"""
        # Completions of slipway for fish. Once:
        #     slipway completion fish > ~/.config/fish/completions/slipway.fish
        function __slipway_complete
            set -l words (commandline -opc)
            set -e words[1]
            set -l current (commandline -ct | string unescape)
            set -l answer (command slipway complete $words "$current" 2>/dev/null)
            test (count $answer) -gt 0; or return
            set -l from (string split -m 1 \t -- $answer[1])
            set -e answer[1]
            set -l prefix $from[2]
            set -l path (string sub -s (math (string length -- "$prefix") + 1) -- "$current")
            switch $from[1]
                case words
                    printf '%s\n' $answer
                case files
                    printf '%s\n' $prefix(__fish_complete_path "$path")
                case folders
                    printf '%s\n' $prefix(__fish_complete_directories "$path" folder)
                case definitions
                    printf '%s\n' $prefix(__fish_complete_suffix "$path" .yml)
            end
        end
        complete -c slipway -f -a '(__slipway_complete)'

        """#
}
