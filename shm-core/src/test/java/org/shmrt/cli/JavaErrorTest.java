package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.testing.ChildJvm;

/** Errors of Java, such as too little memory: one line and status 1, as any other failure. */
@Timeout(600)
class JavaErrorTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private CommandRun run(List<String> command) throws IOException, InterruptedException {
        Path out = shm.file("stdout");
        Path err = shm.file("stderr");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        CommandRun run = new CommandRun(process.waitFor(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return run;
    }

    private CommandRun run(List<String> flags, String line) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(ChildJvm.QUICK);
        all.add("-Djava.awt.headless=true");
        all.addAll(flags);
        return run(ChildJvm.command(all, Shm.class, shm.expand(line.split(" "))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show STREAM --graphics kitty --width 400",
                "read STREAM --wait none --out DIR/p.png --annotate --scale 10",
            })
    void shouldSayThatThereIsNotEnoughMemory(String line) throws Exception {
        shm.runLine("create STREAM --shape 1000x1000 --dtype f32").succeeded();

        CommandRun run = run(List.of("-Xmx40m"), line);

        run.refused(1, "not enough memory (");
        assertTrue(run.err().contains("JDK_JAVA_OPTIONS=-Xmx4g"), run.err());
        try (Stream<Path> left = Files.list(shm.directory())) {
            assertEquals(List.of(shm.stream()), left.toList());
        }
    }

    @Test
    void shouldSayWhichClassIsMissing() throws Exception {
        shm.runLine("create STREAM --shape 4 --dtype u8").succeeded();
        List<String> command =
                new ArrayList<>(ChildJvm.command(ChildJvm.QUICK, Shm.class, shm.expand("info", "STREAM", "--json")));
        command.replaceAll(word -> word.equals(System.getProperty("java.class.path"))
                ? Arrays.stream(word.split(File.pathSeparator))
                        .filter(jar -> !jar.contains("gson"))
                        .collect(Collectors.joining(File.pathSeparator))
                : word);

        run(command).refused(1, "unexpected NoClassDefFoundError: com/google/gson/");
    }
}
