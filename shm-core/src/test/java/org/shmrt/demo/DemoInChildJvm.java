package org.shmrt.demo;

import java.nio.file.Path;

/** Main class of a JVM that runs the demo and that a test can kill. */
final class DemoInChildJvm {
    private DemoInChildJvm() {}

    public static void main(String[] arguments) {
        Demo.run(
                new Demo.Settings(
                        Double.parseDouble(arguments[0]),
                        500,
                        "dao",
                        "hybrid",
                        Path.of(arguments[1]),
                        Boolean.parseBoolean(arguments[2])),
                System.out);
    }
}
