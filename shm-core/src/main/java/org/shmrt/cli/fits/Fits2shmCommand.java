package org.shmrt.cli.fits;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LoadReport;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ExpansionOption;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm fits2shm}. */
@Command(
        name = "fits2shm",
        customSynopsis = {
            "shm fits2shm [-frq] [-p PREFIX] [--format FORMAT] [--layout NAME]",
            "                    [--max-bytes N] [--transpose] [--json] FITS STREAM",
            "       shm fits2shm -c [-frq] [-p PREFIX] [--format FORMAT] [--layout NAME]",
            "                    [--max-bytes N] [--transpose] [--json] STREAM"
        },
        description = {
            "Loads a FITS image into a stream if the file or the stream has changed since the last load.",
            "Writes the same files under conf/ and loadedSM/ as cacao's Fits2shm. With -c, conf/shmim_STREAM.name.txt "
                    + "names the FITS file."
        })
public final class Fits2shmCommand extends Verb {
    @Parameters(
            paramLabel = "[FITS] STREAM",
            arity = "1..2",
            description = "FITS: a FITS file; FILE[1] or FILE[NAME] selects an extension, FILE[0][3,:,:] a section. "
                    + "STREAM: path or bare name of the stream. The files under conf/ and loadedSM/ are named after "
                    + "STREAM without the prefix.")
    private List<String> arguments;

    @Mixin
    private SourceOptions options;

    @Option(
            names = {"-f", "--force"},
            description = "Load the image even if nothing has changed.")
    private boolean force;

    @Option(
            names = {"-r", "--reset"},
            description = "First remove the stream, its semaphores and the files about it.")
    private boolean reset;

    @Option(
            names = "--transpose",
            description =
                    "Swap the last two axes, for files of pyMilk's save_as_fits and others that transpose images.")
    private boolean transpose;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of a new stream: dao or milk. Default: milk in milk's directory, else dao.")
    private String format;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "Layout of a new stream, as for shm create. Default: that of the format.")
    private String layout;

    @Mixin
    private ExpansionOption expansion;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only errors.")
    private boolean quiet;

    @Override
    public Integer call() {
        SourceOptions.Names names = options.names(this, arguments, "a FITS file", "a stream");
        LoadReport report = FitsLoader.load(request(names));
        if (options.printsJson()) {
            printJson(json(report));
        } else if (!quiet) {
            print(text(report));
        }
        return ExitStatus.DONE;
    }

    private LoadRequest request(SourceOptions.Names names) {
        LoadRequest.Builder request = LoadRequest.builder(names.target()).prefix(options.prefix());
        names.source().ifPresent(request::fits);
        request.maxExpandedBytes(expansion.bytes());
        if (format != null) {
            request.format(format);
        }
        if (layout != null) {
            request.layout(layout);
        }
        if (transpose) {
            request.axes(LoadRequest.Axes.TRANSPOSED);
        }
        if (reset) {
            request.mode(LoadRequest.Mode.RESET);
        } else if (force) {
            request.mode(LoadRequest.Mode.ALWAYS);
        }
        return request.build();
    }

    private static Map<String, Object> json(LoadReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("stream", FileNames.text(report.stream()));
        line.put("fits", report.fits());
        line.put("outcome", lowerCase(report.outcome()));
        line.put(
                "reasons",
                report.reasons().stream().map(Fits2shmCommand::lowerCase).toList());
        line.put("kind", report.format());
        line.put("dtype", report.type().toString());
        line.put("shape", report.shape().lengths());
        line.put("cnt0", Json.unsigned(report.cnt0()));
        line.put("keywords", report.keywords());
        line.put("remarks", report.remarks());
        return line;
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String text(LoadReport report) {
        List<String> parts = new ArrayList<>();
        if (report.outcome() == Outcome.KEPT) {
            parts.add("kept, because neither it nor " + report.fits() + " has changed since the last load");
        } else {
            parts.add("loaded " + report.fits() + " because "
                    + report.reasons().stream().map(Fits2shmCommand::text).collect(Collectors.joining(" and ")));
        }
        parts.add(switch (report.outcome()) {
                    case CREATED -> "new ";
                    case RECREATED -> "re-created as ";
                    default -> "";
                }
                + report.format() + " stream of " + report.shape() + " " + report.type() + ", count "
                + Long.toUnsignedString(report.cnt0()));
        if (report.keywords() > 0) {
            parts.add(Quantity.of(report.keywords(), "keyword"));
        }
        parts.addAll(report.remarks());
        return FileNames.text(report.stream()) + ": " + String.join("; ", parts);
    }

    private static String text(Reason reason) {
        return switch (reason) {
            case FITS_CHANGED -> "the file is new or has changed";
            case STREAM_CHANGED -> "the stream was written after the last load";
            case STREAM_MISSING -> "the stream did not exist";
            case FORCED -> "-f was given";
            case RESET -> "-r removed the stream";
        };
    }
}
