package org.shmrt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.cli.verb.ColourChoiceOption;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shm help}. */
@Command(
        name = "help",
        description = "Shows the help of a verb, as --help after the verb does. Without VERB it lists all verbs.")
final class HelpCommand extends Verb {
    @Parameters(
            paramLabel = "VERB",
            arity = "0..2",
            description = "A verb, or two for one of a group, for example: block create.")
    private List<String> verbs = List.of();

    @Override
    public Integer call() {
        List<String> arguments = new ArrayList<>(verbs);
        arguments.add("--help");
        arguments.add(ColourChoiceOption.NAME);
        arguments.add(colours().name().toLowerCase(Locale.ROOT));
        return Shm.help(out(), err(), verbs, arguments);
    }
}
