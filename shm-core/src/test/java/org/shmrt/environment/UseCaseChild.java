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
import org.shmrt.error.ShmException;
import org.shmrt.memory.Shape;

/**
 * Does the {@link UseCases} when told to, and says how each went: a process of its own, for limits and file systems of
 * its own. Takes one word a line, with arguments behind it, and ends each answer with a line of a full stop.
 */
public final class UseCaseChild {
    private static final String WELL = "ok";

    private final UseCases uses;
    private final Path directory;
    private final List<InputStream> held = new ArrayList<>();

    private UseCaseChild(Path directory, String prefix, Shape shape) {
        this.directory = directory;
        this.uses = new UseCases(directory, prefix, shape);
    }

    public static void main(String[] words) throws Exception {
        UseCaseChild child = new UseCaseChild(Path.of(words[0]), words[1], Shape.parse(words[2]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] order = line.split(" ", 2);
            try {
                child.obey(order[0], order.length > 1 ? order[1] : "");
            } catch (Throwable t) {
                t.printStackTrace();
                Runtime.getRuntime().halt(5);
            }
            System.out.println(".");
        }
    }

    private void obey(String order, String argument) throws Exception {
        switch (order) {
            case "prepare" -> uses.prepare();
            case "exact" -> uses.prepareExact(Integer.parseInt(argument, 8));
            case "remove" -> uses.remove();
            case "only" -> uses.all().get(argument).run();
            case "run" -> run();
            case "hold" -> hold(Integer.parseInt(argument));
            case "release" -> release();
            case "fill" -> fill(Path.of(argument));
            case "shell" -> shell(argument);
            default -> throw new IllegalArgumentException(order);
        }
    }

    /** Each use, with how it went and what it left. */
    private void run() {
        List<String> answers = new ArrayList<>();
        uses.all().forEach((name, use) -> {
            String answer = WELL;
            try {
                use.run();
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
            uses.halfMade().forEach(file -> System.out.println("left\t" + file));
            uses.sweep();
        }
    }

    /** Opens files until the process has room for no more than so many. */
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

    /** Writes a file until its file system is full. */
    private static void fill(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            // as it should be
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
