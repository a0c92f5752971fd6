package org.shmrt.cli.guide;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.shmrt.cli.guide.VerbModel.Choice;
import org.shmrt.cli.guide.VerbModel.Kind;
import org.shmrt.cli.guide.VerbModel.Word;
import picocli.CommandLine;

/**
 * The script that completes verbs, options, values and stream names in a shell. It contains all verbs and options as
 * text, so that the Tab key starts no JVM; the streams are the files that are there when it is pressed.
 */
public final class CompletionScript {
    /** A shell. */
    public enum Shell {
        /** GNU bash 4 or newer; the package bash-completion is not needed. */
        BASH,
        /** zsh 5. */
        ZSH,
        /** fish 3 or newer. */
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String BASH = """
        _shm() {
            COMPREPLY=()
            local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb= kind i
            for ((i = 1; i < COMP_CWORD; i++)); do
                case " $(_shm_verbs "$verb") " in
                    *" ${COMP_WORDS[i]} "*) verb=${verb:+$verb }${COMP_WORDS[i]} ;;
                esac
            done
            # bash takes --option=value apart into three words.
            if [ "$current" = = ]; then
                current=
            elif [ "$previous" = = ] && [ "$COMP_CWORD" -gt 2 ]; then
                previous=${COMP_WORDS[COMP_CWORD - 2]}
            fi
            kind=$(_shm_value "$verb" "$previous")
            if [ -z "$kind" ]; then
                case $current in
                    -*) COMPREPLY=($(compgen -W "$(_shm_options "$verb")" -- "$current")); return ;;
                esac
                kind=$(_shm_verbs "$verb")
                [ -z "$kind" ] && kind=$(_shm_words "$verb")
            fi
            case $kind in
                @stream)
                    _shm_offer_streams "$current"
                    [ ${#COMPREPLY[@]} -gt 0 ] || _shm_files "$current"
                    ;;
                @file) _shm_files "$current" ;;
                @other) ;;
                *) COMPREPLY=($(compgen -W "$kind" -- "$current")) ;;
            esac
        }

        # Other users choose the names of streams: compgen -W and unquoted words would run the commands in them.
        _shm_offer_streams() {
            local name word unsafe=
            case $1 in
                \\"*) unsafe='["$`\\\\!]' ;;
                \\'*) unsafe="[']" ;;
            esac
            while IFS= read -r name; do
                if [ -n "$unsafe" ]; then
                    # In the quotes that the user has opened, these characters would not be those of the name.
                    [[ $name == "${1:1}"* && $name != *$unsafe* ]] && COMPREPLY+=("$name")
                else
                    printf -v word %q "$name"
                    # The user may have typed a character that is quoted here but need not be, such as a comma.
                    [[ $word == "$1"* || $name == "$1"* ]] && COMPREPLY+=("$word")
                fi
            done < <(_shm_streams)
        }

        _shm_files() {
            mapfile -t COMPREPLY < <(compgen -f -- "$1")
            type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
        }

        complete -F _shm shm
        """;

    private static final String ZSH = """
        _shm() {
            local verb= kind i previous=$words[CURRENT-1]
            local -a found
            for ((i = 2; i < CURRENT; i++)); do
                [[ " $(_shm_verbs "$verb") " == *" $words[i] "* ]] && verb=${verb:+$verb }$words[i]
            done
            if [[ $PREFIX == --*=* ]]; then
                previous=${PREFIX%%=*}
                compset -P '*='
            fi
            kind=$(_shm_value "$verb" "$previous")
            if [[ -z $kind ]]; then
                if [[ $PREFIX == -* ]]; then
                    compadd -- ${=$(_shm_options "$verb")}
                    return
                fi
                if [[ -n $(_shm_verbs "$verb") ]]; then
                    found=("${(@f)$(_shm_descriptions "$verb")}")
                    _describe -V verb found
                    return
                fi
                kind=$(_shm_words "$verb")
            fi
            case $kind in
                @stream)
                    found=(${(f)"$(_shm_streams)"})
                    compadd -a found
                    _files
                    ;;
                @file) _files ;;
                @other) _message 'a value' ;;
                *) compadd -- ${=kind} ;;
            esac
        }

        if [ "$funcstack[1]" = _shm ]; then
            _shm "$@"
        else
            compdef _shm shm
        fi
        """;

    private static final String STREAMS = """
        # The names of the streams in the directory where the command looks for bare names.
        _shm_streams() (
            [ -z "${ZSH_VERSION:-}" ] || setopt null_glob
            directory=${MILK_SHM_DIR:-}
            [ -n "$directory" ] || { [ -d /milk/shm ] && directory=/milk/shm; }
            for file in "${directory:-/tmp}"/*.im.shm; do
                [ -e "$file" ] || continue
                file=${file##*/}
                case $file in
                    # An option, and names that are more than one line or control the terminal: they need a path.
                    -* | *[[:cntrl:]]*) ;;
                    *) printf '%s\\n' "${file%.im.shm}" ;;
                esac
            done
        )
        """;

    private static final String FISH = """
        # The names of the streams in the directory where the command looks for bare names.
        function __shm_streams
            set -l directory /tmp
            test -d /milk/shm; and set directory /milk/shm
            test -n "$MILK_SHM_DIR"; and set directory $MILK_SHM_DIR
            for file in $directory/*.im.shm
                # An option, and names that are more than one line or control the terminal: they need a path.
                string match -qr '/-[^/]*$|[[:cntrl:]]' -- $file; and continue
                string replace -r '.*/(.*)\\.im\\.shm$' '$1' -- $file
            end
        end

        # Whether the verbs typed so far are those given.
        function __shm_at
            set -l verb ""
            for word in (commandline -opc)[2..-1]
                if contains -- $word (__shm_verbs "$verb")
                    set verb (string trim -- "$verb $word")
                end
            end
            test "$verb" = "$argv[1]"
        end

        complete -c shm -f
        """;

    private final VerbModel model;

    /**
     * Scripts for a command line.
     *
     * @param root the command line, to which all verbs have been added
     */
    public CompletionScript(CommandLine root) {
        model = VerbModel.of(root);
    }

    /**
     * The script for a shell.
     *
     * @param shell the shell
     */
    public String text(Shell shell) {
        return switch (shell) {
            case BASH ->
                "# Completion of the shm command in bash: generated by \"shm completion bash\".\n\n" + tables()
                        + STREAMS + "\n" + BASH;
            case ZSH ->
                "#compdef shm\n# Completion of the shm command in zsh: generated by \"shm completion zsh\".\n\n"
                        + tables() + descriptions() + STREAMS + "\n" + ZSH;
            case FISH ->
                "# Completion of the shm command in fish: generated by \"shm completion fish\".\n\n" + fishVerbs()
                        + FISH + fishWords();
        };
    }

    /** Functions with the words of each verb, for bash and zsh alike. */
    private String tables() {
        return function("verbs", verb -> names(verb.verbs()))
                + function(
                        "options",
                        verb -> verb.options().stream()
                                .flatMap(option -> option.names().stream())
                                .collect(Collectors.joining(" ")))
                + function(
                        "words",
                        verb -> verb.words().isEmpty()
                                ? ""
                                : marked(verb.words().getFirst()))
                + values();
    }

    private String function(String name, Function<VerbModel, String> words) {
        StringBuilder text = new StringBuilder("_shm_" + name + "() {\n    case $1 in\n");
        for (VerbModel verb : model.all()) {
            String line = words.apply(verb);
            if (!line.isEmpty()) {
                text.append("        '")
                        .append(verb.path())
                        .append("') echo '")
                        .append(line)
                        .append("' ;;\n");
            }
        }
        return text.append("    esac\n}\n\n").toString();
    }

    private String values() {
        StringBuilder text = new StringBuilder("_shm_value() {\n    case $1:$2 in\n");
        for (VerbModel verb : model.all()) {
            for (Choice option : verb.options()) {
                if (option.value().kind() != Kind.NONE) {
                    String patterns = option.names().stream()
                            .map(name -> "'" + verb.path() + ":" + name + "'")
                            .collect(Collectors.joining(" | "));
                    text.append("        ").append(patterns).append(") echo '");
                    text.append(marked(option.value())).append("' ;;\n");
                }
            }
        }
        return text.append("    esac\n}\n\n").toString();
    }

    private String descriptions() {
        return function(
                "descriptions",
                verb -> verb.verbs().stream()
                        .map(child -> child.name() + ":"
                                + child.summary().replace("'", "").replace(":", "\\:"))
                        .collect(Collectors.joining("\n")));
    }

    private static String marked(Word word) {
        return switch (word.kind()) {
            case NONE -> "";
            case LISTED -> String.join(" ", word.candidates());
            case STREAM -> "@stream";
            case FILE -> "@file";
            case OTHER -> "@other";
        };
    }

    private static String names(List<VerbModel> verbs) {
        return verbs.stream().map(VerbModel::name).collect(Collectors.joining(" "));
    }

    private String fishVerbs() {
        StringBuilder text = new StringBuilder("function __shm_verbs\n    switch \"$argv[1]\"\n");
        for (VerbModel verb : model.all()) {
            if (!verb.verbs().isEmpty()) {
                text.append("        case '").append(verb.path()).append("'\n            string split ' ' '");
                text.append(names(verb.verbs())).append("'\n");
            }
        }
        return text.append("    end\nend\n\n").toString();
    }

    private String fishWords() {
        StringBuilder text = new StringBuilder();
        for (VerbModel verb : model.all()) {
            String start = "complete -c shm -n '__shm_at \"" + verb.path() + "\"'";
            for (VerbModel child : verb.verbs()) {
                text.append(start).append(" -a ").append(child.name());
                text.append(" -d ").append(quoted(child.summary())).append('\n');
            }
            if (!verb.words().isEmpty()) {
                text.append(start).append(fishWord(verb.words().getFirst())).append('\n');
            }
            for (Choice option : verb.options()) {
                text.append(start);
                for (String name : option.names()) {
                    text.append(name.startsWith("--") ? " -l " + name.substring(2) : fishShort(name));
                }
                text.append(option.value().kind() == Kind.NONE ? "" : " -r" + fishWord(option.value()));
                text.append(" -d ").append(quoted(option.summary())).append('\n');
            }
        }
        return text.toString();
    }

    private static String fishShort(String name) {
        return (name.length() == 2 ? " -s " : " -o ") + name.substring(1);
    }

    private static String fishWord(Word word) {
        return switch (word.kind()) {
            case NONE, OTHER -> " -f";
            case LISTED -> " -f -a " + quoted(String.join(" ", word.candidates()));
            case STREAM -> " -F -a '(__shm_streams)'";
            case FILE -> " -F";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
