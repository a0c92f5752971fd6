package org.shmrt.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process that is killed. Reads lines {@code SCENARIO DIRECTORY PREFIX rehearse|at-once} and executes each
 * operation until it is killed.
 */
public final class TargetProcess {
    private TargetProcess() {}

    public static void main(String[] words) throws IOException {
        System.out.println("ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] task = line.split(" ");
                Scenario scenario = Scenarios.named(task[0]);
                Workspace workspace = new Workspace(Path.of(task[1]), task[2]);
                if (task[3].equals("rehearse")) {
                    rehearse(scenario, workspace);
                }
                try (Operation operation = scenario.open(workspace)) {
                    execute(operation);
                }
                System.out.println("done");
            }
        } catch (RuntimeException e) {
            e.printStackTrace(System.out);
            throw e;
        }
    }

    /**
     * Executes the operation in another directory first, since linking native functions under a debugger takes very
     * long.
     */
    private static void rehearse(Scenario scenario, Workspace workspace) throws IOException {
        Workspace stage = Workspace.in(workspace.directory(), workspace.prefix() + "r-");
        scenario.prepare(stage);
        try (Operation operation = scenario.open(stage)) {
            operation.run();
        }
        stage.clear();
    }

    /** The debugger sets a breakpoint on this method. */
    static void execute(Operation operation) {
        operation.run();
        finished();
    }

    /** Marks the end of the operation for the debugger. */
    static void finished() {
        // empty: only the call matters
    }

    /** What a target does, with what it opened for it before. */
    interface Operation extends AutoCloseable {
        /** Runs the operation in which the process is killed. */
        void run();

        @Override
        default void close() {}
    }
}
