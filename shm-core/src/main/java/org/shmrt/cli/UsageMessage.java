package org.shmrt.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shmrt.cli.verb.Suggestion;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, in words for its user. The parser's own messages count arguments from 0, name Java's
 * types, and report a missing argument where an option is misspelt.
 */
final class UsageMessage {
    private static final Pattern NUMBER = Pattern.compile("-\\.?[0-9].*");
    private static final Pattern PARSER_PREFIX =
            Pattern.compile("^(Error: |Invalid value for .*?: (?='|expected|Could))");

    private static final Pattern OPTIONAL_WORD = Pattern.compile("^\\[\\w+] ");

    private static final Pattern QUOTED = Pattern.compile("'(.*?)'");

    private static final String MISSING_PARAMETERS = "Missing required parameter";

    private UsageMessage() {}

    /**
     * The message without the name of the verb.
     *
     * @param e what the parser reports
     * @param arguments the whole command line
     */
    static String of(ParameterException e, List<String> arguments) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        if (e instanceof MissingParameterException missing) {
            // The argument is often there, but was taken for the value of an option that does not exist.
            return unknownOption(spec, arguments).orElseGet(() -> missing(missing));
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> words = unmatched.getUnmatched();
            return unknownOption(spec, arguments)
                    .or(() -> unknownOption(spec, words))
                    .orElseGet(() -> (words.size() == 1 ? "one argument too many: " : "too many arguments: ")
                            + quoted(words) + "; " + usage(e.getCommandLine()));
        }
        ArgSpec argument = e.getArgSpec();
        if (argument != null && e.getCause() instanceof TypeConversionException conversion) {
            return label(argument) + ": " + value(argument, e.getValue(), conversion);
        }
        return lowerCase(PARSER_PREFIX.matcher(e.getMessage()).replaceFirst(""));
    }

    /** Whether a word is meant as an option, and not as a negative number or standard input. */
    static boolean isLikeOption(String word) {
        return word.length() > 1
                && word.startsWith("-")
                && !word.equals("--")
                && !NUMBER.matcher(word).matches();
    }

    /** The message about the first option that the verb does not have, with the one that was probably meant. */
    private static Optional<String> unknownOption(CommandSpec spec, List<String> words) {
        Map<String, OptionSpec> known = spec.optionsMap();
        for (int i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
            String word = words.get(i);
            String name = word.replaceFirst("=.*", "");
            if (!isLikeOption(word)) {
                continue;
            }
            if (known.containsKey(name)) {
                // its value may begin with a dash
                i += name.equals(word) && known.get(name).arity().min() > 0 ? 1 : 0;
            } else if (word.startsWith("--") || !known.containsKey(word.substring(0, 2))) {
                return Optional.of("unknown option '" + name + "'" + suggestion(name, known.keySet()));
            }
        }
        return Optional.empty();
    }

    private static String suggestion(String typed, Collection<String> names) {
        return typed.startsWith("--")
                ? Suggestion.of(
                                typed,
                                names.stream()
                                        .filter(name -> name.startsWith("--"))
                                        .toList())
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("")
                : "";
    }

    private static String missing(MissingParameterException e) {
        List<ArgSpec> missing = e.getMissing();
        if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option && !option.required()) {
            return option.longestName() + " needs a value: " + option.paramLabel();
        }
        // The exception has only the first of several parameters, and its message has all of them.
        List<String> labels = e.getMessage().startsWith(MISSING_PARAMETERS)
                ? QUOTED.matcher(e.getMessage())
                        .results()
                        .map(label -> label.group(1))
                        .toList()
                : missing.stream().map(UsageMessage::asTyped).toList();
        return String.join(" and ", labels.stream().map(UsageMessage::required).toList())
                + (labels.size() == 1 ? " is missing; " : " are missing; ")
                + usage(e.getCommandLine());
    }

    /** The required part of a label such as {@code [SOURCE] LINK}, which stands for one or two words. */
    private static String required(String label) {
        return OPTIONAL_WORD.matcher(label).replaceFirst("");
    }

    private static String asTyped(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName() + " " + option.paramLabel()
                : argument.paramLabel();
    }

    /** {@code usage: shm read [OPTIONS] STREAM}. */
    private static String usage(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        String words =
                spec.positionalParameters().stream().map(UsageMessage::synopsis).collect(Collectors.joining(" "));
        String required = spec.options().stream()
                .filter(OptionSpec::required)
                .map(option -> " " + asTyped(option))
                .collect(Collectors.joining());
        return "usage: " + spec.qualifiedName() + " [OPTIONS]" + required + (words.isEmpty() ? "" : " " + words);
    }

    private static String synopsis(PositionalParamSpec argument) {
        String label = argument.paramLabel();
        boolean isRepeated = argument.arity().max() > 1 && required(label).equals(label);
        String words = isRepeated ? label + "..." : label;
        return argument.arity().min() == 0 ? "[" + words + "]" : words;
    }

    private static String value(ArgSpec argument, String given, TypeConversionException e) {
        Class<?> type =
                argument.typeInfo().isMultiValue() ? argument.typeInfo().getAuxiliaryTypes()[0] : argument.type();
        if (type.isEnum() && argument.converters().length == 0) {
            List<String> names = Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .toList();
            return "'" + given + "' is not a valid value: use " + either(names);
        }
        return e.getMessage();
    }

    /** {@code a, b or c}. */
    private static String either(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.getFirst() : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    private static String label(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
    }

    private static String lowerCase(String message) {
        return message.length() > 1 && Character.isLowerCase(message.charAt(1))
                ? Character.toLowerCase(message.charAt(0)) + message.substring(1)
                : message;
    }
}
