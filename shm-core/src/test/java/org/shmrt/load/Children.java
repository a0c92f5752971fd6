package org.shmrt.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ChildProcess;

/** The processes of one test; closing ends those that still run. */
final class Children implements AutoCloseable {
    private final List<ChildProcess> all = new ArrayList<>();

    ChildProcess start(List<String> flags, Class<?> main, Object... words) {
        return add(ChildProcess.start(ChildJvm.command(flags, main,
                Arrays.stream(words).map(Object::toString).toArray(String[]::new))));
    }

    ChildProcess add(ChildProcess child) {
        all.add(child);
        return child;
    }

    void forEach(Consumer<ChildProcess> action) {
        all.forEach(action);
    }

    @Override
    public void close() {
        all.forEach(ChildProcess::close);
    }
}
