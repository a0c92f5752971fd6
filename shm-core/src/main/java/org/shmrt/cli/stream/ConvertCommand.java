package org.shmrt.cli.stream;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.convert.ConversionReport;
import org.shmrt.stream.convert.StreamConversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm convert}. */
@Command(
        name = "convert",
        description = "Makes a new stream of another format, or the same, with a stream's frames, counters, times and "
                + "keywords, and tells what could not be carried. The old stream stays as it is.")
public final class ConvertCommand extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            converter = Converters.OfStream.class,
            description = "Path or bare name of the stream to convert.")
    private Path stream;

    @Parameters(
            index = "1",
            paramLabel = "NEW",
            converter = Converters.OfStream.class,
            description = "Path or bare name of the new stream.")
    private Path target;

    @Option(names = "--format", paramLabel = "dao|milk", required = true, description = "Format of the new stream.")
    private String format;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "Which of the format's layouts; its usual one by default.")
    private String layout;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Frames the new ring keeps (dao); as many as the old stream keeps by default.")
    private Integer depth;

    @Option(
            names = "--circular",
            paramLabel = "N",
            description = "Frames the new circular buffer keeps (milk); as many as the old stream keeps by default.")
    private Integer circular;

    @Option(
            names = "--keywords",
            paramLabel = "N",
            description = "Room for keywords; that of the old stream by default.")
    private Integer keywords;

    @Option(names = "--force", description = "Replace a stream of the new name; who has it open keeps the old one.")
    private boolean force;

    @Option(names = "--json", description = "One line of JSON: what was done, and what was not carried.")
    private boolean json;

    @Override
    public Integer call() {
        if ((depth != null && depth < 1) || (circular != null && circular < 0) || (keywords != null && keywords < 0)) {
            throw wrongUsage("--depth takes 1 or more, --circular and --keywords 0 or more");
        }
        StreamConversion conversion = StreamConversion.of(stream, format).withVariant(layout);
        conversion = depth == null ? conversion : conversion.withDepth(depth);
        conversion = circular == null ? conversion : conversion.withCircularBuffer(circular);
        conversion = keywords == null ? conversion : conversion.withKeywords(keywords);
        report((force ? conversion.replacingExisting() : conversion).run(target));
        return ExitStatus.DONE;
    }

    private void report(ConversionReport done) {
        PrintWriter out = out();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("path", target.toString());
            line.put("source", stream.toString());
            line.put("kind", done.layout().format());
            line.put("variant", done.layout().variant());
            line.put("cnt0", done.cnt0());
            line.put("frames", done.frames());
            line.put("keywords", done.keywords());
            line.put("not_carried", done.dropped());
            Json.print(out, line);
            return;
        }
        out.println(target + ": " + done.layout().format() + " stream of "
                + done.layout().shape() + " "
                + done.layout().type() + " made of " + stream + ", " + frames(done) + ", "
                + (done.keywords() == 1 ? "1 keyword" : done.keywords() + " keywords"));
        done.dropped().forEach(loss -> out.println("not carried: " + loss));
        out.flush();
    }

    private static String frames(ConversionReport done) {
        return switch (done.frames()) {
            case 0 -> "no frame yet";
            case 1 -> "frame " + done.cnt0();
            default -> "frames " + (done.cnt0() - done.frames() + 1) + " to " + done.cnt0();
        };
    }
}
