package org.shmrt.stream;

import java.util.List;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.FileState;

/** Finds frames that belong together, among those that the streams of a set have. For one thread; nothing allocates. */
final class SetMatch {
    /** Frames that one search compares at most, before the wait looks at the clock. */
    private static final int MAX_ROUNDS = 1000;

    /** The result of one search. */
    enum Found {
        /** The streams have chosen frames. */
        MATCH,
        /** A frame of at least one stream, one that holds none, is not there yet. */
        MISSING,
        /** A frame is being overwritten: search again at once. */
        BUSY
    }

    private final StreamSet.Matching matching;
    private final long toleranceNs;
    private final SetMember[] members;
    private long lostBefore;
    private long unmatchedBefore;
    private int ended = -1;

    SetMatch(StreamSet.Matching matching, long toleranceNs, List<ImageStream> streams, WaitStrategy wait) {
        this.matching = matching;
        this.toleranceNs = toleranceNs;
        members = new SetMember[streams.size()];
        int made = 0;
        try {
            for (ImageStream stream : streams) {
                members[made] = new SetMember(stream, wait);
                made++;
            }
        } finally {
            for (int i = 0; made < members.length && i < made; i++) {
                members[i].close();
            }
        }
    }

    int size() {
        return members.length;
    }

    SetMember get(int index) {
        return members[index];
    }

    /** Begins a wait. */
    void begin() {
        ended = -1;
        for (SetMember member : members) {
            member.begin();
        }
        lostBefore = lostTotal();
        unmatchedBefore = unmatchedTotal();
    }

    private long lostTotal() {
        long sum = 0;
        for (SetMember member : members) {
            sum += member.lost();
        }
        return sum;
    }

    private long unmatchedTotal() {
        long sum = 0;
        for (SetMember member : members) {
            sum += member.unmatched();
        }
        return sum;
    }

    long lost() {
        return lostTotal() - lostBefore;
    }

    long unmatched() {
        return unmatchedTotal() - unmatchedBefore;
    }

    /** The stream that ended the wait, -1 if none did. */
    int ended() {
        return ended;
    }

    /** Searches once. */
    Found find(Wanted wanted) {
        Found found = switch (matching) {
            case ANY -> any(wanted);
            case ALL -> all(wanted);
            case ID, TIME -> equal(wanted);
        };
        Faults.poll();
        return found;
    }

    private Found any(Wanted wanted) {
        boolean some = false;
        for (SetMember member : members) {
            if (member.hold(wanted)) {
                member.choose();
                some = true;
            }
        }
        return some ? Found.MATCH : Found.MISSING;
    }

    private Found all(Wanted wanted) {
        if (!holdAll(wanted)) {
            return Found.MISSING;
        }
        boolean intact = true;
        for (SetMember member : members) {
            intact &= wanted == Wanted.NEXT || member.refresh();
        }
        if (!intact) {
            return Found.BUSY;
        }
        chooseAll();
        return Found.MATCH;
    }

    private boolean holdAll(Wanted wanted) {
        boolean complete = true;
        for (SetMember member : members) {
            complete &= member.hold(wanted);
        }
        return complete;
    }

    private void chooseAll() {
        for (SetMember member : members) {
            member.choose();
        }
    }

    /** Goes through the frames of all streams in order, as one merges sorted lists. */
    private Found equal(Wanted wanted) {
        boolean matched = false;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            boolean complete = true;
            for (SetMember member : members) {
                complete &= member.holdWithKey(matching);
            }
            if (dropOlder()) {
                continue;
            }
            if (!complete) {
                return matched ? Found.MATCH : Found.MISSING;
            }
            chooseAll();
            matched = true;
            if (wanted == Wanted.NEXT) {
                return Found.MATCH;
            }
        }
        return matched ? Found.MATCH : Found.BUSY;
    }

    /** Drops the frames that are too old for the newest one. */
    private boolean dropOlder() {
        boolean some = false;
        long newest = 0;
        for (SetMember member : members) {
            if (member.isHeld() && (!some || isLess(newest, member.key(), 0))) {
                newest = member.key();
                some = true;
            }
        }
        boolean dropped = false;
        for (SetMember member : members) {
            if (member.isHeld() && isLess(member.key(), newest, toleranceNs)) {
                member.drop();
                dropped = true;
            }
        }
        return dropped;
    }

    /** Ids are unsigned, times are not. */
    private boolean isLess(long key, long other, long tolerance) {
        return matching == StreamSet.Matching.ID
                ? Long.compareUnsigned(key, other) < 0
                : key < other && (other - key > tolerance || other - key < 0);
    }

    /** Returns a match to the caller. */
    Verdict confirm() {
        for (SetMember member : members) {
            member.confirm();
        }
        return lost() == 0 && unmatched() == 0 ? Verdict.FRESH : Verdict.SKIPPED;
    }

    /** Whether one of the streams ends the wait; {@link Verdict#TIMED_OUT} if not. */
    Verdict check(long nowNs) {
        for (int i = 0; i < members.length; i++) {
            Verdict verdict = members[i].check(nowNs);
            if (verdict != Verdict.TIMED_OUT) {
                // An interrupt is not the stream's.
                ended = verdict == Verdict.CLOSED && !members[i].isEnded() ? -1 : i;
                return verdict;
            }
        }
        return Verdict.TIMED_OUT;
    }

    /** The verdict after an access fault: which file was truncated or replaced. */
    Verdict fault() {
        for (int i = 0; i < members.length; i++) {
            FileState state = members[i].mapped().fileState();
            if (state != FileState.SAME) {
                ended = i;
                members[i].verdict(Verdict.of(state));
                return members[i].verdict();
            }
        }
        return Verdict.RECREATED;
    }

    /** Continues after an access fault in a sleep, if the file of a semaphore was truncated. */
    boolean renewSemaphores() {
        boolean renewed = false;
        for (SetMember member : members) {
            renewed |= member.renewSemaphore();
        }
        return renewed;
    }

    /** Whether a stream, or the whole set, was closed. */
    boolean isEnded() {
        for (int i = 0; i < members.length; i++) {
            if (members[i].isEnded()) {
                ended = i;
                return true;
            }
        }
        return false;
    }

    void close() {
        for (SetMember member : members) {
            member.close();
        }
    }
}
