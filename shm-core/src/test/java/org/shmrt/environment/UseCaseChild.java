package org.shmrt.environment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.shmrt.error.ShmException;
import org.shmrt.memory.Shape;

/**
 * Runs {@link UseCases} in a process with its own limits, file systems or user. Each line of input is a command word with
 * arguments; each answer ends with a line that holds a full stop.
 */
public final class UseCaseChild {
    private static final String SUCCESS = "ok";

    private final UseCases useCases;
    private final Path directory;
    private final List<InputStream> held = new ArrayList<>();

    private UseCaseChild(Path directory, String prefix, Shape shape) {
        this.directory = directory;
        this.useCases = new UseCases(directory, prefix, shape);
    }

    public static void main(String[] words) throws Exception {
        UseCaseChild child = new UseCaseChild(Path.of(words[0]), words[1], Shape.parse(words[2]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] command = line.split(" ", 2);
            try {
                child.execute(command[0], command.length > 1 ? command[1] : "");
            } catch (Throwable t) {
                t.printStackTrace();
                Runtime.getRuntime().halt(5);
            }
            System.out.println(".");
        }
    }

    private void execute(String command, String argument) throws Exception {
        switch (command) {
            case "prepare" -> useCases.prepare();
            case "exact" -> useCases.prepareExact(Integer.parseInt(argument, 8));
            case "remove" -> useCases.remove();
            case "only" -> useCases.all().get(argument).run();
            case "names" -> useCases.all().keySet().forEach(System.out::println);
            case "run" ->
                run(
                        argument.isEmpty()
                                ? useCases.all()
                                : Map.of(argument, useCases.all().get(argument)));
            case "hold" -> hold(Integer.parseInt(argument));
            case "release" -> release();
            case "fill" -> fill(Path.of(argument));
            case "shell" -> shell(argument);
            default -> throw new IllegalArgumentException(command);
        }
    }

    /** Runs use cases and prints the outcome of each, and what they left behind. */
    private void run(Map<String, UseCases.UseCase> chosen) {
        List<String> answers = new ArrayList<>();
        chosen.forEach((name, useCase) -> {
            String answer = SUCCESS;
            try {
                useCase.run();
            } catch (Throwable t) {
                answer = t.getClass().getName() + "\t"
                        + String.valueOf(t.getMessage()).replace("\n", "\\n");
                if (!(t instanceof ShmException)) {
                    t.printStackTrace();
                }
            }
            answers.add(name + "\t" + answer);
        });
        boolean held = !this.held.isEmpty();
        release();
        answers.forEach(System.out::println);
        if (held || Files.isWritable(directory)) {
            useCases.leftovers().forEach(file -> System.out.println("left\t" + file));
            useCases.sweep();
        }
    }

    /** Opens files until the process has only this many free descriptors. */
    private void hold(int free) throws IOException {
        try {
            while (true) {
                held.add(Files.newInputStream(Path.of("/dev/null")));
            }
        } catch (IOException full) {
            for (int i = 0; i < free; i++) {
                held.removeLast().close();
            }
        }
    }

    private void release() {
        try {
            for (InputStream one : held) {
                one.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        held.clear();
    }

    /** Fills a file system by writing a file. */
    private static void fill(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            // expected: the file system is full
        }
    }

    private static void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
