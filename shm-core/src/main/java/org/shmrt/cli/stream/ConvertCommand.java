package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.convert.ConversionReport;
import org.shmrt.stream.convert.StreamConversion;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm convert}. */
@Command(
        name = "convert",
        description = {
            "Creates a new stream of another format with the contents of STREAM.",
            "Copies frames, counters, times and keywords, and reports what it could not carry over. The new stream "
                    + "keeps as many frames and keywords as STREAM by default. The format can be the "
                    + "same. STREAM does not change."
        })
public final class ConvertCommand extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            converter = Converters.ToStreamPath.class,
            description = "Path or bare name of the stream to convert.")
    private Path source;

    @Parameters(
            index = "1",
            paramLabel = "NEW",
            converter = Converters.ToStreamPath.class,
            description = "Path or bare name of the new stream.")
    private Path target;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "Format of the new stream: dao or milk.")
    private String format;

    @Mixin
    private LayoutOptions options;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        checkMin("--depth", options.depth(), 1);
        checkMin("--circular", options.circular(), 0);
        checkMin("--keywords", options.keywords(), 0);
        StreamConversion conversion =
                StreamConversion.of(source, format).withVariant(options.layout().orElse(null));
        if (options.depth().isPresent()) {
            conversion = conversion.withDepth(options.depth().getAsInt());
        }
        if (options.circular().isPresent()) {
            conversion = conversion.withCircularBuffer(options.circular().getAsInt());
        }
        if (options.keywords().isPresent()) {
            conversion = conversion.withKeywords(options.keywords().getAsInt());
        }
        report((options.replacesExisting() ? conversion.replacingExisting() : conversion).run(target));
        return ExitStatus.DONE;
    }

    private void checkMin(String option, OptionalInt value, int min) {
        if (value.isPresent() && value.getAsInt() < min) {
            throw wrongUsage(option + " " + value.getAsInt() + ": the value must be at least " + min);
        }
    }

    private void report(ConversionReport report) {
        if (json) {
            printJson(json(report));
            return;
        }
        print(FileNames.text(target) + ": " + report.layout().format() + " stream of "
                + report.layout().shape() + " " + report.layout().type() + ", converted from " + FileNames.text(source)
                + ", "
                + frames(report) + ", " + Quantity.of(report.keywords(), "keyword"));
        report.dropped().forEach(loss -> print("not carried over: " + loss));
    }

    private Map<String, Object> json(ConversionReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("path", FileNames.text(target));
        line.put("source", FileNames.text(source));
        line.put("kind", report.layout().format());
        line.put("variant", report.layout().variant());
        line.put("cnt0", Json.unsigned(report.cnt0()));
        line.put("frames", report.frames());
        line.put("keywords", report.keywords());
        line.put("not_carried", report.dropped());
        return line;
    }

    private static String frames(ConversionReport report) {
        String newest = Long.toUnsignedString(report.cnt0());
        return switch (report.frames()) {
            case 0 -> "no frame yet";
            case 1 -> "frame " + newest;
            default -> "frames " + Long.toUnsignedString(report.cnt0() - report.frames() + 1) + " to " + newest;
        };
    }
}
