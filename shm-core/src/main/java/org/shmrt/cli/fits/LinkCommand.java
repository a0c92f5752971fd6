package org.shmrt.cli.fits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cacao.LinkReport;
import org.shmrt.cacao.LinkRequest;
import org.shmrt.cacao.StreamLinks;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm link}. */
@Command(
        name = "link",
        customSynopsis = {
            "shm link [-p PREFIX] [--write-conf] [--force] [--json] SOURCE LINK",
            "       shm link -c [-p PREFIX] [--force] [--json] LINK"
        },
        description = {
            "Makes a stream name a link to another stream.",
            "With -c, conf/streamlink_LINK.name.txt names the source. If there is a directory conf/, or with "
                    + "--write-conf, it writes the same files there as cacao's streamlink."
        })
public final class LinkCommand extends Verb {
    @Parameters(
            paramLabel = "[SOURCE] LINK",
            arity = "1..2",
            description = "SOURCE: path, or bare name in the link's directory, of a stream that exists or will exist. "
                    + "LINK: path or bare name of the link. The files under conf/ are named after LINK without the "
                    + "prefix.")
    private List<String> arguments;

    @Mixin
    private SourceOptions options;

    @Option(
            names = "--write-conf",
            description = "Write cacao's files about the link under conf/ also if there is no directory conf/ yet.")
    private boolean writeConf;

    @Option(names = "--force", description = "Remove an existing stream that has the name of the link.")
    private boolean force;

    @Override
    public Integer call() {
        SourceOptions.Names names = options.names(this, arguments, "a source", "a link");
        LinkRequest.Builder request = LinkRequest.builder(names.target()).prefix(options.prefix());
        names.source().ifPresent(request::source);
        request.confFiles(writeConf ? LinkRequest.ConfFiles.ALWAYS : LinkRequest.ConfFiles.IF_DIRECTORY_EXISTS);
        if (force) {
            request.existingStream(LinkRequest.ExistingStream.REMOVE);
        }
        LinkReport report = StreamLinks.link(request.build());
        if (options.printsJson()) {
            printJson(json(report));
        } else {
            print(text(report));
        }
        return ExitStatus.DONE;
    }

    private static Map<String, Object> json(LinkReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("link", FileNames.text(report.link()));
        line.put("leads_to", FileNames.text(report.leadsTo()));
        line.put("outcome", report.outcome().name().toLowerCase(Locale.ROOT));
        line.put("shape", report.shape().map(Shape::lengths).orElse(null));
        line.put("remark", report.remark().orElse(null));
        return line;
    }

    private static String text(LinkReport report) {
        return FileNames.text(report.link()) + " -> " + FileNames.text(report.leadsTo())
                + switch (report.outcome()) {
                    case MADE -> "";
                    case CHANGED -> ", replaced another link";
                    case KEPT -> ", unchanged";
                    case STREAM_REPLACED -> ", replaced a stream";
                }
                + report.shape().map(shape -> "; " + shape).orElse("")
                + report.remark().map(remark -> "; " + remark).orElse("");
    }
}
