/*
 * How a writer publishes frames, and how readers read, verify and wait for them (packages org.shmrt.stream and
 * org.shmrt.stream.engine). bin/check-model checks it. Each of the -D switches below removes or changes one step of the
 * protocol; bin/check-model names the error that spin must then find.
 *
 * Memory. The writer's stores enter a buffer, from which they become visible to all readers at the same time, one by
 * one, in ANY order with three exceptions: stores to the same location keep their order; no store passes a store fence;
 * a release store waits for all earlier stores. A full fence waits until the buffer is empty. This is weaker than x86,
 * which keeps the order of stores, and covers ARMv8, where stores become visible to all other cores at the same time,
 * too. Readers store nothing except to the semaphore. Their acquire loads happen in program order. The words of a frame
 * are copied by plain loads, in any order between the preceding acquire load and the following fence. Not modelled:
 * processors where two readers can see two stores in different orders (POWER), counter overflow, the strict-order mark,
 * and time. Waits have no time limit, so a lost wake-up leaves a reader asleep at the end, which Stillness detects.
 *
 * Each claim writes its own number into both words of the frame. A mixture of two claims is therefore detectable, also
 * with the rest of an aborted one.
 *
 * With AHEAD the writer claims frames ahead (FramesAhead): it sets the flags of several slots, and their frames are
 * written at any time between the claim and the publication, which happens in any order of the frames. A frame that is
 * not in the slot after the newest is copied there. A slot that was given back has no count; one that was not written
 * keeps its frame.
 *
 * With RESTARTS another program sets the counter of the newest slot back, between any two steps of the writer, and posts
 * nothing. The counters before and after do not meet here; with those that meet, two rows show what can happen then.
 */

#ifndef DEPTH
#define DEPTH 1                     /* slots */
#endif
#ifndef FRAMES
#define FRAMES 3                    /* frames published */
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef ABORTS
#define ABORTS 0                    /* aborted claims, at any time */
#endif
#ifndef DEATHS
#define DEATHS 0                    /* writers killed before they clear the write flag; another one continues */
#endif
#ifndef RESTARTS
#define RESTARTS 0                  /* times that another program sets the counter of the newest slot back */
#endif
#ifndef FIRST
#define FIRST 0                     /* the counter at the start */
#endif
#ifndef RESTART_AT
#define RESTART_AT 1                /* the value to which it is set back */
#endif
#ifndef AHEAD
#define AHEAD 0                     /* frames that the writer may claim ahead */
#endif
#ifndef SPOILT
#define SPOILT 0                    /* claimed frames that are given back, written or not */
#endif
#ifndef UNUSED
#define UNUSED 0                    /* claimed frames that are given back unwritten, so that the older one is restored */
#endif
#define CAP 1                       /* largest value of a semaphore, as in DAO */
#define BUFFER 10                   /* pending stores: all those of a frame and of an aborted claim */

/* Locations in shared memory. */
#define FLAG(s) (s)
#define COUNT(s) (DEPTH + (s))
#define WORD(s, w) (2 * DEPTH + 2 * (s) + (w))
#define NEWEST (4 * DEPTH)
#define PLACES (4 * DEPTH + 1)

byte memory[PLACES];
byte semaphore[READERS];

/* The pending stores: location, value, and which of the others must become visible before. */
unsigned used : BUFFER;
unsigned fenced : BUFFER;
byte place[BUFFER];
byte value[BUFFER];
typedef Mask { unsigned bits : BUFFER };
Mask after[BUFFER];

/* Used by the assertions only: the serial number of each count, and the state of the readers. */
byte serialOf[FIRST + FRAMES + 2];
byte lastCount = FIRST;
byte restartsDone;
byte restartValue;                       /* the value that the counter was last set back to */
bool isPublished[FRAMES + ABORTS + DEATHS + AHEAD + SPOILT + UNUSED + DEATHS * AHEAD + 1];
bool overwritten;                        /* the newest slot was claimed and not published since */
byte accepted[READERS];
byte startCount[READERS];
byte acceptedSerial[READERS];
byte restartsSeen[READERS];

inline store(where, what, isRelease) {
    atomic {
        used != (1 << BUFFER) - 1;
        i = 0;
        do
        :: used & (1 << i) -> i++
        :: else -> break
        od;
        after[i].bits = (isRelease -> used : fenced);
        j = 0;
        do
        :: j < BUFFER ->
            if
            :: (used & (1 << j)) && place[j] == where -> after[i].bits = after[i].bits | (1 << j)
            :: else
            fi;
            j++
        :: else -> break
        od;
        place[i] = where;
        value[i] = what;
        used = used | (1 << i);
        i = 0;
        j = 0
    }
}

inline storeFence() {
    fenced = used
}

inline fullFence() {
    used == 0
}

inline becomeVisible(n) {
    d_step {
        memory[place[n]] = value[n];
        used = used & ~(1 << n);
        fenced = fenced & ~(1 << n);
        k = 0;
        do
        :: k < BUFFER -> after[k].bits = after[k].bits & ~(1 << n); k++
        :: else -> break
        od;
        k = 0;
        place[n] = 0;
        value[n] = 0;
        after[n].bits = 0
    }
}

#define READY(n) ((used & (1 << n)) && after[n].bits == 0)

proctype Memory() {
    byte k;
end:
    do
    :: READY(0) -> becomeVisible(0)
    :: READY(1) -> becomeVisible(1)
    :: READY(2) -> becomeVisible(2)
    :: READY(3) -> becomeVisible(3)
    :: READY(4) -> becomeVisible(4)
    :: READY(5) -> becomeVisible(5)
    :: READY(6) -> becomeVisible(6)
    :: READY(7) -> becomeVisible(7)
    :: READY(8) -> becomeVisible(8)
    :: READY(9) -> becomeVisible(9)
    od
}

/* FrameWriter.claim, the words of the frame, FrameWriter.commit. SlotHeaders has the same steps. */
inline raiseFlag() {
    store(FLAG(slot), 1, false);
#ifndef NO_FENCE_AFTER_FLAG
    storeFence();
#endif
}

inline writeWord(w) {
    store(WORD(slot, w), serial, false)
}

inline lowerFlag() {
#ifndef NO_FENCE_BEFORE_FLAG
    storeFence();
#endif
    store(FLAG(slot), 0, false)
}

/* A claim that is aborted after none, one or both words were written. */
inline abortClaim() {
    serial++;
    raiseFlag();
    if
    :: true
    :: writeWord(0)
    :: writeWord(1)
    :: writeWord(0); writeWord(1)
    fi;
    overwritten = (DEPTH == 1 || overwritten)
}

/* A writer that is killed during a claim or between the steps of a commit. Its stores still become visible. */
inline die() {
    abortClaim();
    if
    :: true
    :: writeWord(0); writeWord(1);
        store(COUNT(slot), count + 1, true);
        if
        :: true
#ifdef INDEX_LAST
        :: DEPTH > 1 -> lowerFlag()
#else
        :: DEPTH > 1 -> store(NEWEST, slot, true); overwritten = true
#endif
        fi
    fi
}

inline fillFrame() {
    serial++;
    raiseFlag();
    if
    :: writeWord(0); writeWord(1)
    :: writeWord(1); writeWord(0)
    fi
}

inline commitFrame() {
    isPublished[serial] = true;
    serialOf[count + 1] = serial;
    count++;
#ifdef WEAK_ORDER
    /* DAO's own library: flag, index, counter; here with all stores in order, as on x86. */
    lowerFlag();
    storeFence();
    if
    :: DEPTH > 1 -> store(NEWEST, slot, true)
    :: else
    fi;
    store(COUNT(slot), count, true);
#else
    store(COUNT(slot), count, true);
#ifdef INDEX_LAST
    lowerFlag();
#endif
    if
    :: DEPTH > 1 -> store(NEWEST, slot, true)
    :: else
    fi;
#ifndef INDEX_LAST
    lowerFlag();
#endif
#endif
    lastCount = count;
    overwritten = false
}

/* SemaphoreSet.postAll: a load, and a locked instruction, which makes the earlier stores visible. */
inline postAll() {
    r = 0;
    do
    :: r < READERS ->
        if
        :: semaphore[r] < CAP -> fullFence(); semaphore[r]++
        :: else
        fi;
        r++
    :: else -> break
    od;
    r = 0
}

#if AHEAD > 0
#define TARGET ((newest + 1) % DEPTH)
#define IS_UNWRITTEN(s) (claimedBy[s] != 0 && !isWritten[s])
#define IS_CLAIMED(s) (claimedBy[s] != 0)
#define IS_LATER(s) (s != TARGET && isWritten[s])

/* A slot with a property, any of them; not executable if none has it. */
#if DEPTH > 2
#define CHOOSE(into, property) if :: property(0) -> into = 0 :: property(1) -> into = 1 :: property(2) -> into = 2 fi
#define HAS_UNWRITTEN (IS_UNWRITTEN(0) || IS_UNWRITTEN(1) || IS_UNWRITTEN(2))
#define HAS_LATER (IS_LATER(0) || IS_LATER(1) || IS_LATER(2))
#define HAS_CLAIMED (IS_CLAIMED(0) || IS_CLAIMED(1) || IS_CLAIMED(2))
#else
#define CHOOSE(into, property) if :: property(0) -> into = 0 :: property(1) -> into = 1 fi
#define HAS_UNWRITTEN (IS_UNWRITTEN(0) || IS_UNWRITTEN(1))
#define HAS_LATER (IS_LATER(0) || IS_LATER(1))
#define HAS_CLAIMED (IS_CLAIMED(0) || IS_CLAIMED(1))
#endif

/*
 * FramesAhead.claim: the slot that the frame will have if all frames claimed so far are published before it. If that is
 * in use, the frame gets memory outside of the stream, which nobody else sees.
 */
inline claimAhead() {
    serial++;
    slot = (newest + 1 + claimed) % DEPTH;
    if
    :: claimedBy[slot] == 0 ->
        claimedBy[slot] = serial;
        heldFrame[slot] = !isFlagUp[slot];
        isFlagUp[slot] = true;
#ifndef NO_FLAG_AHEAD
        raiseFlag()
#endif
    :: else -> outsideBy[outside] = serial; outside++
    fi;
    claimed++
}

/* A word of a frame, by the source. */
inline writeWordAhead(w) {
    store(WORD(slot, w), claimedBy[slot], false)
}

/* SlotHeaders.empty */
inline emptySlot() {
#ifdef FLAG_BEFORE_EMPTY
    lowerFlag();
    storeFence();
    store(COUNT(slot), 0, true);
#else
#ifndef KEEP_COUNT
    store(COUNT(slot), 0, true);
#endif
    lowerFlag();
#endif
    endClaim()
}

inline endClaim() {
    isFlagUp[slot] = false;
    isWritten[slot] = false;
    claimedBy[slot] = 0
}

/* FramesAhead.moveTo */
inline moveToTarget(number) {
    slot = TARGET;
    raiseFlag();
    store(WORD(slot, 0), number, false);
    store(WORD(slot, 1), number, false)
}

inline publishAhead(number) {
    lastSerial = serial;
    serial = number;
    commitFrame();
    serial = lastSerial;
    endClaim();
    claimed--;
    newest = slot;
    moved = 0
}

/* The frames that are in slots and written can be published in any order, and those outside of the stream at any time. */
proctype WriterAhead() {
    byte i, j, r, slot, serial, lastSerial, moved, other, deaths, spoilt, unused, claimed, outside;
    byte claimedBy[DEPTH], outsideBy[AHEAD + 1];
    bool isWritten[DEPTH], isFlagUp[DEPTH], heldFrame[DEPTH];
    byte count = FIRST;
    byte newest = DEPTH - 1;
    do
    :: claimed < AHEAD -> atomic { claimAhead() }
    :: claimed == AHEAD ->
        if
        :: atomic {
            /* The source writes a frame. */
            CHOOSE(slot, IS_UNWRITTEN);
            isWritten[slot] = true;
            if
            :: writeWordAhead(0); writeWordAhead(1)
            :: writeWordAhead(1); writeWordAhead(0)
            fi;
            slot = 0
        }
        :: atomic {
            /* The next frame is in its slot. */
            (count < FIRST + FRAMES && isWritten[TARGET]) ->
            slot = TARGET;
            publishAhead(claimedBy[slot])
        };
            fullFence();
            postAll()
        :: atomic {
            /* Another frame arrived first: it is copied. A frame in its slot gives way. */
            (count < FIRST + FRAMES && !IS_UNWRITTEN(TARGET) && HAS_LATER) ->
            CHOOSE(other, IS_LATER);
            moved = claimedBy[TARGET];
            if
            :: moved != 0 -> outsideBy[outside] = moved; outside++
            :: else
            fi;
            moved = claimedBy[other];
            moveToTarget(moved);
            slot = other;
            emptySlot();
            slot = TARGET;
            publishAhead(moved);
            other = 0
        };
            fullFence();
            postAll()
        :: atomic {
            (count < FIRST + FRAMES && outside > 0 && claimedBy[TARGET] == 0) ->
            outside--;
            moved = outsideBy[outside];
            outsideBy[outside] = 0;
            moveToTarget(moved);
            publishAhead(moved)
        };
            fullFence();
            postAll()
        :: atomic {
            (spoilt < SPOILT && HAS_CLAIMED) ->
            CHOOSE(slot, IS_CLAIMED);
            if
            :: isWritten[slot]
            :: else ->
                if
                :: true
                :: writeWordAhead(0)
                :: writeWordAhead(1)
                fi
            fi;
            emptySlot();
            claimed--;
            spoilt++;
            slot = 0
        }
        :: atomic {
            (unused < UNUSED && HAS_UNWRITTEN) ->
            CHOOSE(slot, IS_UNWRITTEN);
            if
#ifdef RESTORE_ANY
            :: true ->
#else
            :: heldFrame[slot] ->
#endif
                lowerFlag();
                endClaim()
            :: else -> emptySlot()
            fi;
            claimed--;
            unused++;
            slot = 0
        }
        :: deaths < DEATHS ->
            /* Killed with frames claimed; the next writer finds their flags set. */
            fullFence();
            d_step {
                newest = memory[NEWEST];
                count = memory[COUNT(newest)];
                claimed = 0;
                outside = 0;
                i = 0;
                do
                :: i < DEPTH ->
                    claimedBy[i] = 0;
                    isWritten[i] = false;
#ifdef CLEAR_LEFT_FLAGS
                    memory[FLAG(i)] = 0;
#endif
                    isFlagUp[i] = (memory[FLAG(i)] != 0);
                    i++
                :: else -> break
                od;
                i = 0;
                deaths++
            }
        :: count >= FIRST + FRAMES -> break
        fi
    od
}
#endif

/* With restarts the counter does not say how many frames there were. */
#if RESTARTS > 0
#define MORE (published < FRAMES)
#else
#define MORE (count < FIRST + FRAMES)
#endif

proctype Writer() {
    byte i, j, r, slot, serial, published, aborts, deaths;
    byte count = FIRST;
    byte newest = DEPTH - 1;
    do
    :: aborts < ABORTS ->
        slot = (newest + 1) % DEPTH;
        atomic { abortClaim() };
        aborts++
    :: deaths < DEATHS ->
        slot = (newest + 1) % DEPTH;
        atomic { die() };
        deaths++;
        /* The next writer opens the stream. */
        fullFence();
        newest = memory[NEWEST];
        count = memory[COUNT(newest)]
    :: MORE ->
        slot = (newest + 1) % DEPTH;
#if RESTARTS > 0
        /* Another program may set the counter back before and after the writer loads it. */
        atomic { fillFrame() };
        count = memory[COUNT(newest)];
        atomic { commitFrame() };
#else
        atomic { fillFrame(); commitFrame() };
#endif
        published++;
        newest = slot;
#ifndef NO_FULL_FENCE
        fullFence();
#endif
        postAll()
    :: !MORE -> break
    od
}

/* Another program sets the counter of the newest slot to a lower value at any time, and posts no semaphore. */
proctype Restarter() {
    byte newest;
    do
    :: restartsDone < RESTARTS ->
        newest = (DEPTH > 1 -> memory[NEWEST] : 0);
        d_step {
            restartValue = RESTART_AT + (RESTARTS - 1 - restartsDone) * (FRAMES + 1);
            memory[COUNT(newest)] = restartValue;
            restartsDone++
        }
    :: true -> break
    od
}

inline loadNewest(into) {
    into = (DEPTH > 1 -> memory[NEWEST] : 0)
}

inline poll() {
    verdict = false;
    restarted = false;
    loadNewest(newest);
    count = memory[COUNT(newest)];
    if
    :: count == tail
    :: count < tail ->
        /* FrameCursor.takeRestarted; the index can also be ahead of the counter. */
        if
        :: count != 0 && memory[FLAG(newest)] == 0 ->
#if DEPTH > 1 && !defined(NO_LOOK_AHEAD)
            behind = memory[COUNT((newest + DEPTH - 1) % DEPTH)];
            if
            :: behind != count + DEPTH - 1 && memory[COUNT(newest)] == count ->
                restarted = true;
                verdict = true;
                slot = newest
            :: else
            fi
#else
            restarted = true;
            verdict = true;
            slot = newest
#endif
        :: else
        fi
    :: else ->
        behind = count - tail - 1;
        if
        :: inOrder && behind > 0 && behind < DEPTH ->
            slot = (newest + DEPTH - behind) % DEPTH;
            if
            :: memory[COUNT(slot)] == tail + 1 ->
                if
                :: memory[FLAG(slot)] == 0 -> verdict = true; count = tail + 1
                :: else
                fi
            :: else
            fi
        :: else
        fi;
        if
        :: !verdict && memory[FLAG(newest)] == 0 -> verdict = true; slot = newest
        :: else
        fi
    fi;
    behind = 0;
    newest = 0
}

inline copy() {
    if
    :: word0 = memory[WORD(slot, 0)]; word1 = memory[WORD(slot, 1)]
    :: word1 = memory[WORD(slot, 1)]; word0 = memory[WORD(slot, 0)]
    fi
}

inline validate() {
    valid = true;
#ifdef COUNTER_THEN_FLAG
    valid = (memory[COUNT(slot)] == count);
    valid = valid && (memory[FLAG(slot)] == 0)
#else
#ifdef NO_FLAG_AT_END
    valid = (memory[COUNT(slot)] == count)
#else
    valid = (memory[FLAG(slot)] == 0);
    valid = valid && (memory[COUNT(slot)] == count)
#endif
#endif
}

/* Two readers share only the memory: each has its own semaphore. */
proctype Reader(byte me; bool inOrder) {
    byte tail, slot, newest, count, behind, word0, word1;
    bool verdict, restarted, valid;

    /* FrameCursor.startAfterNewest */
    do
    :: loadNewest(slot);
        tail = memory[COUNT(slot)];
        loadNewest(newest);
        if
        :: newest == slot -> break
        :: else
        fi
    od;
    atomic {
        newest = 0;
        startCount[me] = tail;
        accepted[me] = tail
    }
    do
    :: poll();
        if
        :: verdict ->
            tail = count;
#ifdef NO_FENCE_AFTER_COPY
            /* The loads of the copy can be delayed until after the check. */
            if
            :: copy(); validate()
            :: validate(); copy()
            :: word0 = memory[WORD(slot, 0)]; validate(); word1 = memory[WORD(slot, 1)]
            fi;
#else
            copy();
            validate();
#endif
            d_step {
                restartsSeen[me] = restartsSeen[me] + restarted;
                assert(restartsSeen[me] <= restartsDone);           /* a restart is reported once */
                if
                :: restarted -> accepted[me] = 0                    /* lower counts follow, also without this frame */
                :: else
                fi;
                if
                :: valid ->
#ifndef RESTART_ONLY
                    assert(word0 == word1);                         /* not torn */
#endif
#if RESTARTS > 0 && !defined(TORN_ONLY)
                    /* A published frame, and none after a newer one: the counters do not show that any more. */
                    assert(isPublished[word0]);
                    assert(word0 > acceptedSerial[me] || (restarted && word0 == acceptedSerial[me]));
                    assert(count > accepted[me] || restarted);
                    acceptedSerial[me] = word0;
#elif !defined(TORN_ONLY) && !defined(RESTART_ONLY)
                    assert(word0 == serialOf[count]);               /* the frame of that count */
                    assert(count > accepted[me]);                   /* not twice, not backwards */
#endif
                    accepted[me] = count
                :: else
                fi;
                word0 = 0;
                word1 = 0;
                valid = false;
                restarted = false;
                slot = 0;
                count = 0
            }
        :: else ->
            slot = 0;
            count = 0;
            restarted = false;
            if
            :: true                                 /* polls again, or the sleep timed out */
            :: true ->
asleep:
end_asleep:
#ifdef COUNTER_BEFORE_TOKEN
                /* The loads after the wait can happen before the token is taken. */
                atomic { semaphore[me] > 0 };
                poll();
                atomic { semaphore[me] > 0; semaphore[me]-- };
                if
                :: verdict -> tail = count; accepted[me] = count; slot = 0; count = 0
                :: else -> slot = 0; count = 0; goto asleep
                fi
#else
                atomic { semaphore[me] > 0; semaphore[me]-- }
#endif
            fi
        fi
    od
}

/*
 * No step is possible any more: every reader sleeps, and must have read the newest frame, or have started after it. A
 * reader can start while a frame is being published and already find its counter; it then starts after that frame.
 */
proctype Stillness() {
end:
    timeout;
    d_step {
        byte r;
        do
        :: r < READERS ->
#if RESTARTS > 0
            lastCount = memory[COUNT(DEPTH > 1 -> memory[NEWEST] : 0)];
#ifndef TORN_ONLY
            assert(accepted[r] == lastCount || lastCount == restartValue || overwritten);
#endif
#else
            assert(accepted[r] == lastCount || startCount[r] >= lastCount || overwritten);
#endif
            r++
        :: else -> break
        od
    }
}

init {
    atomic {
        memory[NEWEST] = DEPTH - 1;
        memory[COUNT(DEPTH - 1)] = FIRST;
#if FIRST > 0 && DEPTH > 1
        memory[COUNT(0)] = FIRST - DEPTH + 1;
#endif
        isPublished[0] = true;                      /* what the slots contain at the start */
        if
        :: true
        :: semaphore[0] = 1                         /* a token left by an earlier frame */
        fi;
        run Memory();
#if AHEAD > 0
        run WriterAhead();
#else
        run Writer();
#endif
        run Stillness();
#if RESTARTS > 0
        run Restarter();
#endif
        run Reader(0, true);
#if READERS > 1
        run Reader(1, false);
#endif
    }
}
