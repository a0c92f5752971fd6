/*
 * How a writer posts a stream's semaphores by stores, and how readers take from them: SemaphoreSet.postAll and
 * postAllExactly, FutexSemaphore, and glibc's sem_wait, sem_trywait and sem_post. bin/check-model checks it. Each of the
 * -D switches below removes or changes one step; bin/check-model names the error that spin must then find.
 *
 * A semaphore is glibc's sem_t: the number of tokens, and the number of waiters in the other half of the same 64-bit
 * word. Atomic operations on either half, or on both, are one step here. The kernel's futex calls are one step, too:
 * it checks the value and queues the caller under one lock, and wakes any one of those queued.
 *
 * Memory. The writer's stores (the counter of the frame, the value 1) enter a buffer and become visible at any later
 * time, in any order, except that the release fence before the values keeps the counter before them. A full fence waits
 * until the buffer is empty. All other stores are atomic operations.
 *
 * A frame is its counter here; publish.pml has the rest. Sleepers have no time limit, except those that give up once, so
 * that a lost wake-up leaves a reader asleep at the end, which Stillness detects.
 */

#ifndef POSTS
#define POSTS 3                     /* frames published by the writer */
#endif
#ifndef CAP
#define CAP 10                      /* largest value of a semaphore: 10 in milk, 1 in DAO */
#endif
#ifndef SEMAPHORES
#define SEMAPHORES 1
#endif
#ifndef SLEEPERS
#define SLEEPERS 1                  /* programs that call sem_wait, divided among the semaphores */
#endif
#ifndef TRIERS
#define TRIERS 0                    /* programs that call sem_trywait on semaphore 0 */
#endif
#ifndef READERS
#define READERS 0                   /* ShmRT readers, on semaphore 0 */
#endif
#ifndef GIVE_UPS
#define GIVE_UPS 0                  /* sleeps of each sleeper that end by a time limit */
#endif
#ifndef SECOND_POSTS
#define SECOND_POSTS 0              /* frames of a second program, posted by sem_post */
#endif
#define THREADS (SLEEPERS + READERS)

byte value[SEMAPHORES];
byte waiters[SEMAPHORES];
bool asleep[THREADS];
byte sleepsOn[THREADS];
byte frames;                        /* the counter of the stream */

/* The writer's pending stores. */
byte pendingFrames;
bool countPending;
byte pendingValue[SEMAPHORES];
bool valuePending[SEMAPHORES];

/* Used by the assertions only. */
byte posted[SEMAPHORES];            /* tokens that were to be added */
byte taken[SEMAPHORES];
byte seen[THREADS];                 /* the counter that a thread loaded after its last token */

#if SEMAPHORES > 1
#define EMPTY (!countPending && !valuePending[0] && !valuePending[1])
#else
#define EMPTY (!countPending && !valuePending[0])
#endif

#ifdef NO_RELEASE_BEFORE_VALUES
#define CAN_REACH_MEMORY(s) valuePending[s]
#else
#define CAN_REACH_MEMORY(s) (valuePending[s] && !countPending)
#endif

proctype Memory() {
end:
    do
    :: d_step { countPending -> frames = pendingFrames; countPending = false; pendingFrames = 0 }
    :: d_step { CAN_REACH_MEMORY(0) -> value[0] = pendingValue[0]; valuePending[0] = false; pendingValue[0] = 0 }
#if SEMAPHORES > 1
    :: d_step { CAN_REACH_MEMORY(1) -> value[1] = pendingValue[1]; valuePending[1] = false; pendingValue[1] = 0 }
#endif
    od
}

/* FUTEX_WAKE: wakes any one of those that sleep on a semaphore. */
inline wakeOne(s) {
    atomic {
        if
        :: asleep[0] && sleepsOn[0] == s -> asleep[0] = false
#if THREADS > 1
        :: asleep[1] && sleepsOn[1] == s -> asleep[1] = false
#endif
#if THREADS > 2
        :: asleep[2] && sleepsOn[2] == s -> asleep[2] = false
#endif
        :: else
        fi
    }
}

/* FUTEX_WAKE_OP: adds one, then wakes one, whether the number of waiters says that there are any or not. */
inline postExactly(s) {
    atomic { value[s]++; posted[s]++ };
    wakeOne(s)
}

inline loadValue(s) {
    v = (valuePending[s] -> pendingValue[s] : value[s])
}

/* A post by store: the value becomes one more than v. */
inline storeValue(s) {
    d_step {
        !valuePending[s];
        pendingValue[s] = v + 1;
        valuePending[s] = true;
        posted[s]++;
        collected = collected | (1 << s)
    }
}

/*
 * The first part of SemaphoreSet.postAll, before the fence after the counter: posts by store to some of the semaphores
 * that are empty. The program chooses those that it found empty for the frame before; here they are any.
 */
inline postEarly() {
    collected = 0;
    s = 0;
    do
    :: s < SEMAPHORES ->
        loadValue(s);
        if
        :: v == 0 -> storeValue(s)
        :: true
        fi;
        v = 0;
        s++
    :: else -> break
    od;
    s = 0
}

/* The waiters of the semaphores collected, after a fence. */
inline wakeCollected() {
    s = 0;
#ifndef NO_LOOK
    do
    :: s < SEMAPHORES ->
        if
        :: (collected & (1 << s)) && waiters[s] != 0 -> wakeOne(s)
        :: else
        fi;
        s++
    :: else -> break
    od;
    s = 0
#endif
}

/* The second part, after that fence: the posts to the others, one more fence, then the looks at the waiters. */
inline postAll() {
    early = collected;
    s = 0;
    do
    :: s < SEMAPHORES && (early & (1 << s)) -> s++
    :: s < SEMAPHORES && !(early & (1 << s)) ->
        loadValue(s);
        if
#ifdef STORE_ABOVE_ZERO
        :: v < CAP ->
#else
        :: v == 0 ->
#endif
            storeValue(s)
#ifndef STORE_ABOVE_ZERO
        :: v > 0 && v < CAP -> postExactly(s)
#endif
        :: v >= CAP
        fi;
        v = 0;
        s++
    :: else -> break
    od;
    if
    :: collected != early ->
#ifndef NO_FENCE_AFTER_STORES
        EMPTY
#endif
    :: else
    fi;
    early = 0;
    wakeCollected();
    collected = 0
}

/* SemaphoreSet.postAllExactly. */
inline postAllExactly() {
    s = 0;
    do
    :: s < SEMAPHORES ->
        if
        :: value[s] < CAP -> postExactly(s)
        :: else
        fi;
        s++
    :: else -> break
    od;
    s = 0
}

proctype Writer() {
    byte published, s, v, collected, early;
    do
    :: published < POSTS ->
#if SECOND_POSTS > 0
        atomic { EMPTY; frames++ };
#else
        d_step { !countPending; countPending = true; pendingFrames = published + 1 };
#endif
        published++;
#ifndef SHARED
        postEarly();
#endif
#ifndef NO_FENCE_AFTER_COUNTER
        EMPTY;
#endif
#ifdef SHARED
        postAllExactly()
#else
        postAll()
#endif
    :: true -> break                        /* also after fewer frames: the next one could wake whom this one did not */
    od
}

/* Another program: glibc's sem_post, on a semaphore below its cap. */
proctype SecondPoster() {
    byte left = SECOND_POSTS, s, v;
    do
    :: left > 0 ->
        frames++;
        left--;
        s = 0;
        do
        :: s < SEMAPHORES ->
            if
            :: value[s] < CAP ->
                atomic { value[s]++; posted[s]++; v = waiters[s] };
                if
                :: v > 0 -> wakeOne(s)
                :: else
                fi;
                v = 0
            :: else
            fi;
            s++
        :: else -> break
        od;
        s = 0
    :: else -> break
    od
}

/* A C program: sem_wait, then the counter. Takes exactly one token. */
proctype Sleeper(byte me; byte s) {
    byte left = GIVE_UPS;
    sleepsOn[me] = s;
    do
    :: true ->
        if
        :: atomic { value[s] > 0 -> value[s]--; taken[s]++ }
        :: atomic { value[s] == 0 -> waiters[s]++ };
            do
            :: atomic { value[s] > 0 -> value[s]--; waiters[s]--; taken[s]++ }; break
            :: atomic { value[s] == 0 -> asleep[me] = true };
end:
                if
                :: !asleep[me]
                :: atomic { asleep[me] && left > 0 -> asleep[me] = false };
                    left--;
                    waiters[s]--;
                    goto givenUp
                fi
            od
        fi;
givenUp:
        seen[me] = frames
    od
}

/* A program that takes a token now and then, and never sleeps. */
proctype Trier() {
end:
    do
    :: atomic { value[0] > 0 -> value[0]--; taken[0]++ }
    od
}

/* FutexSemaphore.takeSome: looks, then clears the lowest bit that was set. Nothing is taken if others were faster. */
inline takeSome() {
    v = value[0];
    if
    :: v != 0 ->
        d_step {
            v = v & ~(v - 1);
            if
            :: value[0] & v -> value[0] = value[0] - v; taken[0] = taken[0] + v
            :: else
            fi;
            v = 1
        }
    :: else
    fi
}

/* A ShmRT reader: polls the counter, then sleeps as FrameWait and FutexSemaphore.acquire do. */
proctype Reader(byte me) {
    byte v;
    sleepsOn[me] = 0;
    do
    :: true ->
        if
        :: seen[me] != frames -> seen[me] = frames
        :: else ->
            takeSome();
            if
            :: v != 0 -> v = 0
            :: else ->
                waiters[0]++;
                do
                :: takeSome();
                    if
                    :: v != 0 -> v = 0; break
                    :: else ->
                        if
                        :: atomic { value[0] == 0 -> asleep[me] = true };
end:                        !asleep[me]
                        :: value[0] != 0
                        fi
                    fi
                od;
                waiters[0]--
            fi
        fi
    od
}

/* No step is possible any more: every token was added once, and nobody sleeps beside a token or behind a frame. */
proctype Stillness() {
end:
    timeout;
    d_step {
        byte n;
        do
        :: n < SEMAPHORES ->
#ifndef ONLY_WAKEUPS
            assert(value[n] + taken[n] == posted[n]);
#endif
            n++
        :: else -> break
        od;
        n = 0;
        do
        :: n < THREADS ->
            assert(!(asleep[n] && value[sleepsOn[n]] > 0));
#if THREADS <= SEMAPHORES && TRIERS == 0
            assert(!(asleep[n] && seen[n] != frames));
#endif
            n++
        :: else -> break
        od
    }
}

init {
    atomic {
        run Memory();
        run Writer();
        run Stillness();
#if SECOND_POSTS > 0
        run SecondPoster();
#endif
#if SLEEPERS > 0
        run Sleeper(0, 0);
#endif
#if SLEEPERS > 1
        run Sleeper(1, 1 % SEMAPHORES);
#endif
#if SLEEPERS > 2
        run Sleeper(2, 2 % SEMAPHORES);
#endif
#if TRIERS > 0
        run Trier();
#endif
#if READERS > 0
        run Reader(SLEEPERS);
#endif
    }
}
