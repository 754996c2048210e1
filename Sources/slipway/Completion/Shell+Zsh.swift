extension Shell {
    static let zshScript = #"""
        #compdef slipway
        # Completions of slipway for zsh. In ~/.zshrc, after compinit:
        #     source <(slipway completion zsh)
        # or, once, as a file '_slipway' in a folder of $fpath.
        _slipway() {
            local -a answer words_found
            local from prefix line word note
            local -a before=("${(@Q)words[2,CURRENT-1]}")
            before=("${(@)before/#\~\//$HOME/}")
            answer=("${(@f)$(command slipway complete "${(@)before}" "${(Q)PREFIX}" 2>/dev/null)}")
            from=${answer[1]%%$'\t'*}
            prefix=${answer[1]#*$'\t'}
            case $from in
                words)
                    for line in "${(@)answer[2,-1]}"; do
                        word=${line%%$'\t'*}
                        note=${line#*$'\t'}
                        words_found+=("${word//:/\\:}${note:+:$note}")
                    done
                    if [[ $word == *= ]]; then
                        _describe -V 'slipway' words_found -S ''
                    else
                        _describe -V 'slipway' words_found
                    fi
                    ;;
                files | folders | definitions)
                    [[ -n $prefix ]] && compset -P "${(b)prefix}"
                    case $from in
                        files) _files ;;
                        folders) _files -/ ;;
                        definitions) _files -g '*.(yml|yaml)' ;;
                    esac
                    ;;
            esac
        }

        # Read by source, or run by the completion system as a file of its own.
        if [[ ${funcstack[1]} == _slipway ]]; then
            _slipway "$@"
        elif (( $+functions[compdef] )); then
            compdef _slipway slipway
        fi

        """#
}
