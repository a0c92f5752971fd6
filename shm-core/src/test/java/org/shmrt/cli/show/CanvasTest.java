package org.shmrt.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.shmrt.image.terminal.HalfBlocks;

class CanvasTest {
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm-256color");
    private static final TerminalAnswer SIXEL =
            new TerminalAnswer(false, true, OptionalInt.empty(), OptionalInt.empty());
    private static final TerminalAnswer KITTY = new TerminalAnswer(true, true, OptionalInt.of(9), OptionalInt.of(18));

    private static Graphics chosen(Map<String, String> environment, TerminalAnswer answer) {
        return Canvas.choose(environment, StandardCharsets.UTF_8, true, () -> answer);
    }

    private static Graphics chosenWithoutAsking(Map<String, String> environment, Charset encoding, boolean isTerminal) {
        return Canvas.choose(environment, encoding, isTerminal, () -> {
            throw new AssertionError("the terminal was asked");
        });
    }

    @Test
    void shouldChooseTheBestThatTheTerminalHas() {
        assertEquals(Graphics.KITTY, chosen(XTERM, KITTY));
        assertEquals(Graphics.SIXEL, chosen(XTERM, SIXEL));
        assertEquals(Graphics.BLOCKS, chosen(XTERM, TerminalAnswer.NONE));
    }

    @Test
    void shouldNotAskWhereTheAnswerIsKnown() {
        assertEquals(
                Graphics.KITTY,
                chosenWithoutAsking(
                        Map.of("TERM", "xterm-kitty", "KITTY_WINDOW_ID", "1"), StandardCharsets.UTF_8, true));
        assertEquals(Graphics.BLOCKS, chosenWithoutAsking(Map.of("TERM", "linux"), StandardCharsets.UTF_8, true));
        assertEquals(Graphics.TEXT, chosenWithoutAsking(XTERM, StandardCharsets.UTF_8, false));
        assertEquals(Graphics.TEXT, chosenWithoutAsking(XTERM, StandardCharsets.US_ASCII, true));
        assertEquals(Graphics.TEXT, chosenWithoutAsking(Map.of("TERM", "dumb"), StandardCharsets.UTF_8, true));
        assertEquals(Graphics.TEXT, chosenWithoutAsking(Map.of(), StandardCharsets.UTF_8, true));
        assertEquals(
                Graphics.TEXT,
                chosenWithoutAsking(Map.of("TERM", "xterm-kitty", "NO_COLOR", "1"), StandardCharsets.UTF_8, true));
        assertEquals(
                Graphics.TEXT,
                chosenWithoutAsking(Map.of("TERM", "xterm-kitty", "SHMRT_LOCALE", "C"), StandardCharsets.UTF_8, true));
    }

    @Test
    void shouldAskInsideTmuxWhoseTerminalMayDiffer() {
        assertEquals(
                Graphics.BLOCKS,
                chosen(Map.of("TERM", "tmux-256color", "KITTY_WINDOW_ID", "1", "TMUX", "/tmp/x"), TerminalAnswer.NONE));
    }

    @Test
    void shouldUseAllColoursWhereTheTerminalSaysSo() {
        assertEquals(HalfBlocks.Depth.PALETTE, Canvas.depth(XTERM));
        assertEquals(HalfBlocks.Depth.TRUE_COLOUR, Canvas.depth(Map.of("COLORTERM", "truecolor")));
        assertEquals(HalfBlocks.Depth.TRUE_COLOUR, Canvas.depth(Map.of("TERM", "xterm-direct")));
    }

    @Test
    void shouldReadTheAnswersOfTerminals() {
        String kitty = "\033_Gi=31;OK\033\\\033[6;18;9t\033[?62;c";
        assertTrue(TerminalAnswer.isComplete(kitty));
        assertEquals(
                new TerminalAnswer(true, false, OptionalInt.of(9), OptionalInt.of(18)), TerminalAnswer.parse(kitty));
        assertEquals(SIXEL, TerminalAnswer.parse("\033[?63;1;2;4;6c"));
        assertEquals(TerminalAnswer.NONE, TerminalAnswer.parse("\033[?62;14;22c\033[6;0;0t"));
        assertEquals(TerminalAnswer.NONE, TerminalAnswer.parse("\033_Gi=31;ENOTSUPPORTED:x\033\\\033[?6c"));
        assertFalse(TerminalAnswer.isComplete("\033[6;18;9t\033[?62;"));
        assertFalse(TerminalAnswer.isComplete(""));
    }

    @Test
    void shouldFitPicturesIntoTheTerminal() {
        Canvas blocks = Canvas.of(
                Graphics.BLOCKS,
                HalfBlocks.Depth.PALETTE,
                true,
                new ControllingTerminal.Size(80, 21),
                TerminalAnswer.NONE);
        assertEquals(new Canvas.Fit(42, 42), blocks.fit(512, 512));
        assertEquals(new Canvas.Fit(80, 40), blocks.fit(16, 8));
        assertEquals(new Canvas.Fit(80, 1), blocks.fit(4000, 2));
        assertEquals(new Canvas.Fit(1, 42), blocks.fit(2, 4000));
        Canvas kitty =
                Canvas.of(Graphics.KITTY, HalfBlocks.Depth.PALETTE, true, new ControllingTerminal.Size(80, 21), KITTY);
        assertEquals(new Canvas.Fit(378, 378), kitty.fit(512, 512));
        assertEquals(new Canvas.Fit(720, 360), kitty.fit(16, 8));
    }
}
