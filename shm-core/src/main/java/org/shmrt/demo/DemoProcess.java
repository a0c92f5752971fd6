package org.shmrt.demo;

import org.shmrt.error.ShmException;

/**
 * Main class of the demo's child processes; {@link Demo} starts them, people do not. A child reports on standard
 * output, takes orders on standard input, and ends when that does. Its failure is one line on standard error.
 */
public final class DemoProcess {
    private DemoProcess() {}

    /**
     * Runs one child.
     *
     * @param arguments {@code camera}, {@code loop} or {@code mirror}, then the plan as {@link Demo} writes it
     */
    public static void main(String[] arguments) {
        RunPlan plan = RunPlan.fromArguments(arguments);
        DemoFiles files = new DemoFiles(plan);
        ParentLink parent = new ParentLink(System.in, System.out);
        parent.listen(() -> {
            files.clean();
            Runtime.getRuntime().halt(1);
        });
        int status = run(arguments[0], plan, files, parent);
        if (parent.isGone()) {
            // Killed before it could clean up. Every child tries, for each may be the last.
            files.clean();
        }
        System.exit(status);
    }

    private static int run(String role, RunPlan plan, DemoFiles files, ParentLink parent) {
        try {
            switch (role) {
                case "camera" -> CameraProcess.run(plan, files, parent);
                case "loop" -> LoopProcess.run(plan, files, parent);
                case "mirror" -> MirrorProcess.run(plan, files, parent);
                default -> throw new IllegalArgumentException("there is no process '" + role + "' in the demo");
            }
            return 0;
        } catch (InterruptedException | RuntimeException | Error e) {
            System.err.println(oneLine(e));
            return 1;
        }
    }

    private static String oneLine(Throwable failure) {
        String text = failure instanceof ShmException
                ? failure.getMessage()
                : failure + (failure.getStackTrace().length > 0 ? " at " + failure.getStackTrace()[0] : "");
        return text.replace('\n', ' ');
    }
}
