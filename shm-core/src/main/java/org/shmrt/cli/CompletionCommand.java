package org.shmrt.cli;

import org.shmrt.cli.guide.CompletionScript;
import org.shmrt.cli.guide.CompletionScript.Shell;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shm completion}. */
@Command(
        name = "completion",
        description = {
            "Prints the script with which a shell completes verbs, options, values and stream names.",
            "The packages install it. Without a package, run the command below once."
        },
        footer = {
            "",
            "bash: shm completion bash > ~/.local/share/bash-completion/completions/shm",
            "zsh: shm completion zsh > DIR/_shm, where DIR is a directory of $fpath, before compinit",
            "fish: shm completion fish > ~/.config/fish/completions/shm.fish"
        })
final class CompletionCommand extends Verb {
    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Override
    public Integer call() {
        out().print(new CompletionScript(Shm.wholeCommandLine()).text(shell));
        out().check();
        return ExitStatus.DONE;
    }
}
