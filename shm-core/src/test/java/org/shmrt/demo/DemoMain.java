package org.shmrt.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Runs the demo in a JVM that a test can kill; arguments: seconds, folder. */
final class DemoMain {
    private DemoMain() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        Demo.run(
                GivenSettings.of(
                        Double.parseDouble(arguments[0]),
                        500,
                        "dao",
                        "hybrid",
                        Optional.of(Path.of(arguments[1])),
                        Demo.Progress.SHOWN),
                out,
                out);
    }
}
