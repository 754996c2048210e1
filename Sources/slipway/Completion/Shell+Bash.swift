extension Shell {
    /// Bash cuts the line at '=' too; the words are put together again as they stand on the line,
    /// and of what is found only what follows the last '=' is given back.
    static let bashScript = #"""
        # Completions of slipway for bash. In ~/.bashrc: source <(slipway completion bash)
        _slipway() {
            local line=${COMP_LINE:0:COMP_POINT} word= i
            local -a words=() answer=()
            for ((i = 0; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ $i == 0 || $line == [[:space:]]* ]]; then words+=(''); fi
                line=${line#"${line%%[![:space:]]*}"}
                if ((i == COMP_CWORD)); then word=$line; fi
                words[${#words[@]}-1]+=$word
                line=${line#"$word"}
            done

            local current=${words[${#words[@]}-1]} cut=
            if [[ $COMP_WORDBREAKS == *=* && $current == *=* && $current != [\"\']* ]]; then
                cut=${current%"${current##*=}"}
            fi
            for ((i = 1; i < ${#words[@]}; i++)); do
                word=${words[i]//[\"\'\\]/}
                if [[ $word == '~/'* ]]; then word=$HOME/${word#'~/'}; fi
                words[i]=$word
            done

            mapfile -t answer < <(command slipway complete "${words[@]:1}" 2>/dev/null)
            local from=${answer[0]%%$'\t'*} prefix=${answer[0]#*$'\t'}
            local path=${current#"$prefix"}
            path=${path#[\"\']}
            COMPREPLY=()
            case $from in
                words)
                    for word in "${answer[@]:1}"; do
                        word=${word%%$'\t'*}
                        COMPREPLY+=("${word#"$cut"}")
                    done
                    if [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
                    return
                    ;;
                folders) mapfile -t COMPREPLY < <(compgen -d -- "$path") ;;
                definitions)
                    mapfile -t COMPREPLY < <(
                        compgen -f -X '!*.y*ml' -- "$path"
                        compgen -d -- "$path"
                    )
                    ;;
            esac
            if [[ $from == files || $from == definitions && ${#COMPREPLY[@]} == 0 ]]; then
                mapfile -t COMPREPLY < <(compgen -f -- "$path")
            fi
            compopt -o filenames 2>/dev/null
            # Where bash does not cut at '=', the whole word is replaced.
            prefix=${prefix#"$cut"}
            for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=$prefix${COMPREPLY[i]}; done
        }
        complete -F _slipway slipway

        """#
}
