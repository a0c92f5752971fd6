package org.shmrt.demo;

import org.shmrt.error.ShmException;

/**
 * Main class of the demo's child processes, which {@link Demo} starts. A child reports on standard output, receives
 * orders on standard input, and ends when its input ends. It reports a failure in one line on standard error.
 */
final class DemoProcess {
    private DemoProcess() {}

    /**
     * Runs one child.
     *
     * @param arguments {@code camera}, {@code loop} or {@code mirror}, then the plan ({@link RunPlan#toArguments})
     */
    public static void main(String[] arguments) {
        RunPlan plan = RunPlan.fromArguments(arguments);
        DemoFiles files = new DemoFiles(plan);
        ParentLink parent = new ParentLink(System.in, System.out);
        parent.listen(() -> {
            files.removeAll();
            Runtime.getRuntime().halt(1);
        });
        int status = run(arguments[0], plan, files, parent);
        if (parent.hasParentEnded()) {
            // The parent may have been killed before it could clean up. Each child tries, because it may be the last.
            files.removeAll();
        }
        System.exit(status);
    }

    private static int run(String role, RunPlan plan, DemoFiles files, ParentLink parent) {
        try {
            switch (role) {
                case "camera" -> CameraProcess.run(plan, files, parent);
                case "loop" -> LoopProcess.run(plan, files, parent);
                case "mirror" -> MirrorProcess.run(plan, files, parent);
                default -> throw new IllegalArgumentException("the demo has no process '" + role + "'");
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
