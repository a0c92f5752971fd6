package org.shmrt.cli.array;

import java.util.List;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shm array rm}. */
@Command(name = "rm", description = "Removes arrays. Who has one attached keeps it.")
final class ArrayRmCommand extends Verb {
    @Parameters(paramLabel = "NAME", arity = "1..*", description = "shm://NAME, bare NAMEs, or file://PATH.")
    private List<String> names;

    @Override
    public Integer call() {
        names.forEach(SharedArray::path); // refuses an impossible name before the first is removed
        int status = ExitStatus.DONE;
        for (String name : names) {
            try {
                SharedArray.delete(name);
            } catch (ShmException e) {
                note(e.getMessage());
                status = ExitStatus.FAILED;
            }
        }
        return status;
    }
}
