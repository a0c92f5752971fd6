package org.shmrt.cli.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages (section 1): one for {@code shm}, one for each verb, with the text of {@code --help}. */
public final class ManualPages {
    private final CommandLine root;
    private final String version;

    /**
     * Pages of a command line.
     *
     * @param root the command line, to which all verbs have been added
     * @param version the version that the pages show
     */
    public ManualPages(CommandLine root, String version) {
        this.root = root;
        this.version = version;
    }

    /**
     * Writes the pages into a directory, which is created if it is missing.
     *
     * @param directory the directory
     * @throws IOException if a page cannot be written
     */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        write(directory, root);
    }

    private void write(Path directory, CommandLine line) throws IOException {
        Files.writeString(directory.resolve(pageName(line) + ".1"), page(line));
        for (CommandLine verb : VerbModel.subcommands(line).values()) {
            write(directory, verb);
        }
    }

    private static String pageName(CommandLine line) {
        return line.getCommandSpec().qualifiedName("-");
    }

    /** The source of one page. */
    String page(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        VerbModel model = VerbModel.of(line);
        Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
        List<String> page = new ArrayList<>();
        page.add(".\\\" Generated from the help of the command.");
        page.add(".TH " + quoted(pageName(line).toUpperCase(Locale.ROOT)) + " 1 \"\" " + quoted("ShmRT " + version)
                + " \"ShmRT\"");
        String[] description = spec.usageMessage().description();
        page.add(".SH NAME");
        page.add(escaped(pageName(line)) + " \\- " + escaped(model.summary()));
        page.add(".SH SYNOPSIS");
        page.add(".nf");
        addText(page, help.synopsis(0).stripTrailing());
        page.add(".fi");
        page.add(".SH DESCRIPTION");
        for (String paragraph : description) {
            page.add(".PP");
            addText(page, VerbModel.plain(paragraph));
        }
        addArguments(page, spec, help);
        addVerbs(page, model.verbs());
        addFooter(page, spec);
        addSeeAlso(page, line);
        return String.join("\n", page) + "\n";
    }

    private static void addArguments(List<String> page, CommandSpec spec, Help help) {
        List<? extends ArgSpec> parameters = spec.positionalParameters().stream()
                .filter(argument -> !argument.hidden())
                .toList();
        if (!parameters.isEmpty()) {
            page.add(".SH ARGUMENTS");
            for (ArgSpec parameter : parameters) {
                page.add(".TP");
                page.add("\\fI" + escaped(parameter.paramLabel()) + "\\fR");
                addDescription(page, parameter);
            }
        }
        List<OptionSpec> options =
                spec.options().stream().filter(option -> !option.hidden()).toList();
        if (!options.isEmpty()) {
            page.add(".SH OPTIONS");
            for (OptionSpec option : options) {
                String value = help.parameterLabelRenderer()
                        .renderParameterLabel(option, Help.Ansi.OFF, List.of())
                        .toString();
                page.add(".TP");
                page.add("\\fB" + escaped(String.join(", ", option.names())) + "\\fR"
                        + (value.isBlank() ? "" : "\\fI" + escaped(value) + "\\fR"));
                addDescription(page, option);
            }
        }
    }

    private static void addDescription(List<String> page, ArgSpec argument) {
        String text = VerbModel.plain(String.join("\n", argument.description()));
        addText(page, text.isBlank() ? "(no description)" : text);
    }

    private static void addVerbs(List<String> page, List<VerbModel> verbs) {
        if (!verbs.isEmpty()) {
            page.add(".SH VERBS");
            for (VerbModel verb : verbs) {
                page.add(".TP");
                page.add("\\fB" + escaped(verb.name()) + "\\fR");
                page.add(escaped(verb.summary()));
            }
        }
    }

    private static void addFooter(List<String> page, CommandSpec spec) {
        List<String> footer = Arrays.stream(spec.usageMessage().footer())
                .map(VerbModel::plain)
                .filter(text -> !text.isBlank())
                .toList();
        if (!footer.isEmpty()) {
            page.add(".SH NOTES");
            for (String paragraph : footer) {
                page.add(".PP");
                addText(page, paragraph);
            }
        }
    }

    private static void addSeeAlso(List<String> page, CommandLine line) {
        List<String> names = new ArrayList<>();
        if (line.getParent() != null) {
            names.add(pageName(line.getParent()));
        }
        VerbModel.subcommands(line).values().forEach(verb -> names.add(pageName(verb)));
        if (!names.isEmpty()) {
            page.add(".SH SEE ALSO");
            page.add(String.join(
                    ",\n",
                    names.stream()
                            .map(name -> "\\fB" + escaped(name) + "\\fR(1)")
                            .toList()));
        }
    }

    private static void addText(List<String> page, String text) {
        text.lines().map(ManualPages::escaped).forEach(page::add);
    }

    private static String quoted(String text) {
        return '"' + escaped(text).replace("\"", "\\(dq") + '"';
    }

    /** A line of text as troff reads it: no escape sequence and no request in it. */
    static String escaped(String line) {
        String text = line.replace("\\", "\\e").replace("-", "\\-");
        return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
    }
}
