package org.shmrt.cli.array;

import java.util.List;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.verb.DryRunOption;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code shm array rm}. */
@Command(name = "rm", description = "Removes arrays. Programs that have one attached keep it.")
final class ArrayRmCommand extends Verb {
    @Parameters(paramLabel = "NAME", arity = "1..*", description = "shm://NAME, bare NAMEs, or file://PATH.")
    private List<String> names;

    @Mixin
    private DryRunOption dryRun;

    @Override
    public Integer call() {
        names.forEach(SharedArray::path); // refuses an invalid name before the first array is removed
        return forEach(names, name -> {
            if (dryRun.isGiven()) {
                ArrayInfo array = ArrayInfo.of(SharedArray.path(name));
                print("would remove " + ArrayReport.summary(array));
            } else {
                SharedArray.delete(name);
            }
        });
    }
}
