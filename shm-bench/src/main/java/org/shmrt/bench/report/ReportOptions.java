package org.shmrt.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine.Option;

/** The options that say where the report of a benchmark goes. */
public final class ReportOptions {
    @Option(names = "--json", description = "print one line of JSON instead of a table")
    private boolean json;

    @Option(names = "--results", paramLabel = "DIR", description = "write the report to DIR/MACHINE")
    private Path results;

    @Option(names = "--out", paramLabel = "DIR", description = "write the report to DIR")
    private Path out;

    /** Prints a report, and writes its files if one of the options asks for them. */
    public void publish(Report report) throws IOException {
        Path directory = results != null ? results.resolve(Machine.name()) : out;
        if (directory != null) {
            report.write(directory);
        }
        System.out.print(json ? report.json() + "\n" : report.table());
    }
}
