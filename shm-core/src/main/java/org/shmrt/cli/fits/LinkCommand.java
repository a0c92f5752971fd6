package org.shmrt.cli.fits;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cacao.LinkReport;
import org.shmrt.cacao.StreamLinks;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm link}. */
@Command(
        name = "link",
        customSynopsis = {
            "shm link [-p PREFIX] [--force] [--json] SOURCE LINK",
            "       shm link -c [-p PREFIX] [--force] [--json] LINK"
        },
        description = "Makes a stream's name a link to another stream, and leaves the files cacao's streamlink leaves "
                + "under conf/.")
public final class LinkCommand extends Verb {
    @Parameters(
            paramLabel = "[SOURCE] LINK",
            arity = "1..2",
            description = "Stream that is there or will be, a path or a bare name in the link's directory; then path "
                    + "or bare name of the link. Its name without the prefix is what the files about it bear.")
    private List<String> words;

    @Option(
            names = {"-c", "--conf"},
            description = "Take the source that conf/streamlink_LINK.name.txt names.")
    private boolean conf;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "What the link's name begins with, for example aol8_.")
    private String prefix;

    @Option(names = "--force", description = "Remove a stream that has the link's name.")
    private boolean force;

    @Option(names = "--json", description = "Report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (conf && words.size() == 2) {
            throw wrongUsage("-c takes the source from the conf file: give the link alone, or leave out -c");
        }
        if (!conf && words.size() == 1) {
            throw wrongUsage("give a source and a link, or -c and a link");
        }
        LinkReport report =
                StreamLinks.link(conf ? null : words.get(0), words.get(words.size() - 1), prefix, Path.of(""), force);
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("link", report.link().toString());
            line.put("leads_to", report.leadsTo().toString());
            line.put("outcome", report.outcome().name().toLowerCase(Locale.ROOT));
            line.put("shape", report.shape() == null ? null : report.shape().lengths());
            line.put("remark", report.remark());
            Json.print(out(), line);
        } else {
            out().println(text(report));
            out().flush();
        }
        return ExitStatus.DONE;
    }

    private static String text(LinkReport report) {
        return report.link() + " -> " + report.leadsTo()
                + switch (report.outcome()) {
                    case MADE -> "";
                    case CHANGED -> ", in place of another link";
                    case KEPT -> ", as before";
                    case STREAM_REPLACED -> ", in place of a stream";
                }
                + (report.shape() == null ? "" : "; " + report.shape())
                + (report.remark() == null ? "" : "; " + report.remark());
    }
}
