/*
 * How a writer publishes frames, and how readers take, verify and wait for them (org.shmrt.stream: FrameWriter,
 * FrameCursor, FrameWait, HeaderWords, SemaphoreSet). Checked by bin/check-model, which also names what each of the
 * -D switches below takes away from the protocol, so that spin must find the mistake.
 *
 * Memory. The writer's stores go to a buffer, from which they become visible to all readers at once, one at a time,
 * in ANY order but for three rules: stores to one place keep their order; nothing passes a store fence; a release
 * store waits for all stores before it. A full fence waits until the buffer is empty. That is weaker than x86 (whose
 * stores keep their order) and holds for ARMv8 (stores become visible to all other cores at once there, too).
 * Readers store nothing but the semaphore. Their acquire loads happen in program order; the words of a frame, copied
 * by plain loads, in any order between the acquire load before and the fence after. Not in the model: processors
 * where two readers may see two stores in different orders (POWER), counters that wrap, the order mark, and time: all
 * waits are for ever, so a wake-up that is lost leaves a reader asleep at the end, which Stillness finds.
 *
 * Every claim writes a number of its own into both words of the frame, so a mixture shows, also one with the rest of
 * an aborted frame.
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
#define ABORTS 0                    /* claims given back, at any time */
#endif
#ifndef DEATHS
#define DEATHS 0                    /* writers killed before the write flag is down; another one goes on */
#endif
#define CAP 1                       /* of a semaphore: DAO's */
#define BUFFER 10                   /* stores under way: all of a frame and of an aborted claim */

/* Places in shared memory. */
#define FLAG(s) (s)
#define COUNT(s) (DEPTH + (s))
#define WORD(s, w) (2 * DEPTH + 2 * (s) + (w))
#define NEWEST (4 * DEPTH)
#define PLACES (4 * DEPTH + 1)

byte memory[PLACES];
byte semaphore[READERS];

/* The stores under way: place, value, and which of the others must become visible before. */
unsigned used : BUFFER;
unsigned fenced : BUFFER;
byte place[BUFFER];
byte value[BUFFER];
typedef Mask { unsigned bits : BUFFER };
Mask after[BUFFER];

/* For the checks alone: what each count was published with, and how the readers stand. */
byte serialOf[FRAMES + 2];
byte lastCount;
bool spoilt;                        /* the newest slot was claimed, and nobody has published into it since */
byte accepted[READERS];
byte startCount[READERS];

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

/* FrameWriter.claim, the frame's words, FrameWriter.commit: SlotHeaders names the same steps. */
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

/* A claim that is given back, after none, one or both words were written. */
inline abortClaim() {
    serial++;
    raiseFlag();
    if
    :: true
    :: writeWord(0)
    :: writeWord(1)
    :: writeWord(0); writeWord(1)
    fi;
    spoilt = (DEPTH == 1 || spoilt)
}

/* A writer killed within a claim or between the steps of a commit. What it stored becomes visible all the same. */
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
        :: DEPTH > 1 -> store(NEWEST, slot, true); spoilt = true
#endif
        fi
    fi
}

inline publishFrame() {
    serial++;
    raiseFlag();
    if
    :: writeWord(0); writeWord(1)
    :: writeWord(1); writeWord(0)
    fi;
    serialOf[count + 1] = serial;
    count++;
#ifdef WEAK_ORDER
    /* DAO's own library: flag, index, counter; here with every store in order, as x86 keeps it. */
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
    spoilt = false
}

/* SemaphoreSet.postAll: a load, and a locked instruction which lets go of the stores before it. */
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

proctype Writer() {
    byte i, j, r, slot, serial, count, aborts, deaths;
    byte newest = DEPTH - 1;
    memory[NEWEST] = DEPTH - 1;
    do
    :: aborts < ABORTS ->
        slot = (newest + 1) % DEPTH;
        atomic { abortClaim() };
        aborts++
    :: deaths < DEATHS ->
        slot = (newest + 1) % DEPTH;
        atomic { die() };
        deaths++;
        /* Its successor opens the stream. */
        fullFence();
        newest = memory[NEWEST];
        count = memory[COUNT(newest)]
    :: count < FRAMES ->
        slot = (newest + 1) % DEPTH;
        atomic { publishFrame() };
        newest = slot;
#ifndef NO_FULL_FENCE
        fullFence();
#endif
        postAll()
    :: count >= FRAMES -> break
    od
}

inline loadNewest(into) {
    into = (DEPTH > 1 -> memory[NEWEST] : 0)
}

inline look() {
    verdict = false;
    loadNewest(newest);
    count = memory[COUNT(newest)];
    if
    :: count <= tail
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

/* Two readers share nothing but the memory: each has a semaphore of its own. */
proctype Reader(byte me; bool inOrder) {
    byte tail, slot, newest, count, behind, word0, word1;
    bool verdict, valid;

    /* FrameCursor.startAfterNewest */
    loadNewest(slot);
    atomic {
        tail = memory[COUNT(slot)];
        startCount[me] = tail;
        accepted[me] = tail
    }
    do
    :: look();
        if
        :: verdict ->
            tail = count;
#ifdef NO_FENCE_AFTER_COPY
            /* The loads of the copy may come as late as after the check. */
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
                if
                :: valid ->
                    assert(word0 == word1);                         /* not torn */
#ifndef TORN_ONLY
                    assert(word0 == serialOf[count]);               /* the frame of that count */
                    assert(count > accepted[me]);                   /* none twice, none backwards */
#endif
                    accepted[me] = count
                :: else
                fi;
                word0 = 0;
                word1 = 0;
                valid = false;
                slot = 0;
                count = 0
            }
        :: else ->
            slot = 0;
            count = 0;
            if
            :: true                                 /* looks again: polls, or has slept long enough */
            :: true ->
asleep:
end_asleep:
#ifdef COUNTER_BEFORE_TOKEN
                /* The loads after the wait may come before the token is seen to be gone. */
                atomic { semaphore[me] > 0 };
                look();
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
 * Nothing moves any more: every reader sleeps, and must have had the newest frame, or have started behind it. A reader
 * that starts may find the counter of a frame that is still under way, and starts behind that one.
 */
proctype Stillness() {
end:
    timeout;
    d_step {
        byte r;
        do
        :: r < READERS ->
            assert(accepted[r] == lastCount || startCount[r] >= lastCount || spoilt);
            r++
        :: else -> break
        od
    }
}

init {
    atomic {
        memory[NEWEST] = DEPTH - 1;
        if
        :: true
        :: semaphore[0] = 1                         /* a token an earlier frame left */
        fi;
        run Memory();
        run Writer();
        run Stillness();
        run Reader(0, true);
#if READERS > 1
        run Reader(1, false);
#endif
    }
}
