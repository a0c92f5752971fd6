package org.shmrt.cli.fits;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LoadReport;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm fits2shm}. */
@Command(
        name = "fits2shm",
        customSynopsis = {
            "shm fits2shm [-frq] [-p PREFIX] [--format FORMAT] [--json] FITS STREAM",
            "       shm fits2shm -c [-frq] [-p PREFIX] [--format FORMAT] [--json] STREAM"
        },
        description = "Loads a FITS image into a stream if the file or the stream has changed since the last load, and "
                + "leaves the files cacao's Fits2shm leaves under conf/ and loadedSM/.")
public final class Fits2shmCommand extends Verb {
    @Parameters(
            paramLabel = "[FITS] STREAM",
            arity = "1..2",
            description = "FITS file, FILE[1] or FILE[NAME] for an extension, FILE[0][3,:,:] for a part; then path or "
                    + "bare name of the stream. Its name without the prefix is what the files about it bear.")
    private List<String> words;

    @Option(
            names = {"-c", "--conf"},
            description = "Take the FITS file that conf/shmim_STREAM.name.txt names.")
    private boolean conf;

    @Option(
            names = {"-f", "--force"},
            description = "Load even if nothing has changed.")
    private boolean force;

    @Option(
            names = {"-r", "--reset"},
            description = "First remove the stream, its semaphores and the files about it.")
    private boolean reset;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "What the stream's name begins with, for example aol8_.")
    private String prefix;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "dao or milk, for a new stream; by default milk in milk's directory, else dao.")
    private String format;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors.")
    private boolean quiet;

    @Option(names = "--json", description = "Report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (conf && words.size() == 2) {
            throw wrongUsage("-c takes the FITS file from the conf file: give the stream alone, or leave out -c");
        }
        if (!conf && words.size() == 1) {
            throw wrongUsage("give a FITS file and a stream, or -c and a stream");
        }
        LoadRequest request = LoadRequest.of(words.get(words.size() - 1))
                .withFits(conf ? null : words.get(0))
                .withPrefix(prefix)
                .withFormat(format);
        request = force ? request.forced() : request;
        LoadReport report = FitsLoader.load(reset ? request.withReset() : request);
        if (json) {
            Json.print(out(), json(report));
        } else if (!quiet) {
            out().println(text(report));
            out().flush();
        }
        return ExitStatus.DONE;
    }

    private static Map<String, Object> json(LoadReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("stream", report.stream().toString());
        line.put("fits", report.fits());
        line.put("outcome", word(report.outcome()));
        line.put("reasons", report.reasons().stream().map(Fits2shmCommand::word).toList());
        line.put("kind", report.format());
        line.put("dtype", report.type().toString());
        line.put("shape", report.shape().lengths());
        line.put("cnt0", report.cnt0());
        line.put("keywords", report.keywords());
        line.put("remarks", report.remarks());
        return line;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String text(LoadReport report) {
        List<String> parts = new ArrayList<>();
        if (report.outcome() == Outcome.KEPT) {
            parts.add("kept, neither it nor " + report.fits() + " has changed since the last load");
        } else {
            parts.add("loaded " + report.fits() + " because "
                    + String.join(
                            " and ",
                            report.reasons().stream()
                                    .map(Fits2shmCommand::because)
                                    .toList()));
        }
        parts.add(switch (report.outcome()) {
                    case CREATED -> "new ";
                    case RECREATED -> "created anew as ";
                    default -> "";
                }
                + report.format() + " stream of " + report.shape() + " " + report.type() + ", count " + report.cnt0());
        if (report.keywords() > 0) {
            parts.add(report.keywords() + (report.keywords() == 1 ? " keyword" : " keywords"));
        }
        parts.addAll(report.remarks());
        return report.stream() + ": " + String.join("; ", parts);
    }

    private static String because(Reason reason) {
        return switch (reason) {
            case FITS_CHANGED -> "that file is new or has changed";
            case STREAM_CHANGED -> "the stream was written since";
            case STREAM_MISSING -> "there was no stream";
            case FORCED -> "you forced it (-f)";
            case RESET -> "you had the stream removed (-r)";
        };
    }
}
