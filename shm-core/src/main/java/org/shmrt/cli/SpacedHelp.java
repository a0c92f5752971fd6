package org.shmrt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help of a verb, whose lines end only at spaces. The parser's own help also breaks lines after hyphens, slashes and
 * dots, in the middle of names and examples.
 */
final class SpacedHelp extends Help {
    private static final int COLUMN_GAP = 2;

    SpacedHelp(CommandSpec spec, ColorScheme colours) {
        super(spec, colours);
    }

    private int width() {
        return commandSpec().usageMessage().width();
    }

    @Override
    protected String insertSynopsisCommandName(int headingLength, Text arguments) {
        String name = commandSpec().qualifiedName();
        int indent = headingLength + name.length() + 1;
        List<Text> lines = wrap(stripped(arguments), width() - indent, width() - indent);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(i == 0 ? colorScheme().commandText(name) + " " : " ".repeat(indent))
                    .append(lines.get(i))
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    @Override
    public String description(Object... parameters) {
        return paragraphs(commandSpec().usageMessage().description(), parameters);
    }

    @Override
    public String footer(Object... parameters) {
        return paragraphs(commandSpec().usageMessage().footer(), parameters);
    }

    private String paragraphs(String[] paragraphs, Object... parameters) {
        StringBuilder text = new StringBuilder();
        for (String paragraph : paragraphs) {
            String formatted = parameters.length == 0 ? paragraph : String.format(paragraph, parameters);
            for (Text line : wrap(colorScheme().text(formatted), width(), width())) {
                text.append(line).append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    @Override
    public String commandList() {
        int names =
                subcommands().keySet().stream().mapToInt(String::length).max().orElse(0);
        int indent = COLUMN_GAP + names + COLUMN_GAP;
        StringBuilder text = new StringBuilder();
        subcommands().forEach((name, help) -> {
            String[] description = help.commandSpec().usageMessage().description();
            Text summary = colorScheme().text(description.length == 0 ? "" : description[0]);
            List<Text> lines = wrap(summary, width() - indent, width() - indent - COLUMN_GAP);
            for (int i = 0; i < lines.size(); i++) {
                text.append(
                                i == 0
                                        ? " ".repeat(COLUMN_GAP)
                                                + colorScheme().commandText(name)
                                                + " ".repeat(indent - COLUMN_GAP - name.length())
                                        : " ".repeat(indent + COLUMN_GAP))
                        .append(lines.get(i))
                        .append(System.lineSeparator());
            }
        });
        return text.toString();
    }

    @Override
    public Layout createDefaultLayout(
            List<OptionSpec> options, List<PositionalParamSpec> parameters, ColorScheme colours) {
        TextTable table =
                TextTable.forDefaultColumns(colours, calcLongOptionColumnWidth(options, parameters, colours), width());
        return new Layout(colours, table, createDefaultOptionRenderer(), createDefaultParameterRenderer()) {
            @Override
            public void layout(ArgSpec argument, Text[][] rows) {
                super.layout(argument, wrapped(rows, table, colours));
            }
        };
    }

    /** The rows of an option, with a row for each line of its description. */
    private static Text[][] wrapped(Text[][] rows, TextTable table, ColorScheme colours) {
        int last = table.columns().length - 1;
        int width = table.columns()[last].width - table.columns()[last].indent;
        Text indent = colours.text(" ".repeat(table.indentWrappedLines));
        List<Text[]> wrapped = new ArrayList<>();
        for (Text[] row : rows) {
            List<Text> lines = wrap(row[last], width, width - table.indentWrappedLines);
            for (int i = 0; i < lines.size(); i++) {
                Text[] line = new Text[row.length];
                Arrays.fill(line, colours.text(""));
                if (i == 0) {
                    System.arraycopy(row, 0, line, 0, last);
                }
                line[last] = i == 0 ? lines.get(i) : indent.concat(lines.get(i));
                wrapped.add(line);
            }
        }
        return wrapped.toArray(Text[][]::new);
    }

    /** Breaks a text at spaces; a word that is longer than a line has a line of its own. */
    static List<Text> wrap(Text text, int firstWidth, int width) {
        String plain = text.plainString();
        List<Text> lines = new ArrayList<>();
        int from = 0;
        while (true) {
            int limit = from + (lines.isEmpty() ? firstWidth : width);
            if (plain.length() <= limit) {
                lines.add(text.substring(from));
                return lines;
            }
            int space = plain.lastIndexOf(' ', limit);
            if (space <= from) {
                space = plain.indexOf(' ', limit);
            }
            if (space < 0) {
                lines.add(text.substring(from));
                return lines;
            }
            lines.add(text.substring(from, space));
            from = space + 1;
        }
    }

    private static Text stripped(Text text) {
        String plain = text.plainString();
        int from = plain.length() - plain.stripLeading().length();
        return text.substring(from, from + plain.strip().length());
    }
}
