/*
 * Joins two lwIPs in memory on one thread and measures what StackRoundTripBenchmark and StackBulkBenchmark measure of
 * two engines. Arguments: the shared object twice (two files: lwIP's state is global), a processor, what to do
 * (roundTrip, bulk, check), then warm-up iterations, iterations and the milliseconds of each.
 * Prints a line of words for each iteration, whose figure is the mean over it as in JMH, and one of what was counted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stack.h"

#define HOST_A 1
#define HOST_B 2
#define CONNECT_TURNS 1000
#define BATCH 256    /* round trips, or turns of bulk, between two looks at the clock that ends an iteration */
#define TURN_NS 1000 /* of the clock that is set by hand */
#define QUIET_TURNS 100
#define LATE_TURNS 1000
#define LATE_NS 10000000u
#define HEADER_BYTES (14 + 20 + 20 + 12) /* Ethernet, IP, TCP, timestamps */
#define TTL_OFFSET (14 + 8)
#define BITS_PER_BYTE 8

struct pair {
    struct stack *a;
    struct stack *b;
    bool is_manual;
    uint64_t manual_ns;
};

struct plan {
    int warm_up;
    int iterations;
    uint64_t ns;
};

static void fail(const char *what, const char *why) {
    fprintf(stderr, "lwip: %s: %s\n", what, why);
    exit(1);
}

static uint64_t nano_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct stack *load(const char *file) {
    void *object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    struct stack *stack = object == NULL ? NULL : dlsym(object, STACK_SYMBOL);
    if (stack == NULL) {
        fail(file, dlerror());
    }
    return stack;
}

/* The time of a turn, in lwIP's unit: read as on a NIC, or set by hand. */
static inline uint32_t now_ms(struct pair *pair) {
    if (pair->is_manual) {
        pair->manual_ns += TURN_NS;
        return (uint32_t)(pair->manual_ns / 1000000u);
    }
    return (uint32_t)(nano_time() / 1000000u);
}

static void turn_a(struct pair *pair) {
    pair->a->turn(now_ms(pair));
}

static void turn_b(struct pair *pair) {
    pair->b->turn(now_ms(pair));
}

static void connect_pair(struct pair *pair, bool is_echo) {
    turn_a(pair);
    turn_b(pair);
    pair->a->start(pair->a, pair->b, HOST_A);
    pair->b->start(pair->b, pair->a, HOST_B);
    if (!pair->b->listen(is_echo) || !pair->a->connect(HOST_B)) {
        fail("connect", "refused");
    }
    for (int i = 0; i < CONNECT_TURNS; i++) {
        turn_a(pair);
        turn_b(pair);
    }
    if (!pair->a->is_connected) {
        fail("connect", "no connection");
    }
}

/* One round trip: the answer is looked at and brings about the next message, which is then answered. */
static void exchange(struct pair *pair) {
    turn_a(pair);
    turn_b(pair);
}

static double round_trips(struct pair *pair, uint64_t ns) {
    const uint64_t first = pair->a->messages;
    const uint64_t start = nano_time();
    uint64_t taken;
    do {
        for (int i = 0; i < BATCH; i++) {
            exchange(pair);
        }
        taken = nano_time() - start;
    } while (taken < ns);
    return (double)taken / (double)(pair->a->messages - first);
}

static double bulk(struct pair *pair, uint64_t ns) {
    const uint64_t first = pair->b->bytes;
    const uint64_t start = nano_time();
    uint64_t taken;
    do {
        for (int i = 0; i < BATCH; i++) {
            pair->a->fill();
            exchange(pair);
        }
        taken = nano_time() - start;
    } while (taken < ns);
    return (double)(pair->b->bytes - first) * BITS_PER_BYTE / (double)taken; /* bits a ns are Gbit/s */
}

static void measure(struct pair *pair, const char *what, struct plan plan) {
    const bool is_bulk = strcmp(what, "bulk") == 0;
    const uint64_t frames = pair->a->frames + pair->b->frames;
    const uint64_t frame_bytes = pair->a->frame_bytes + pair->b->frame_bytes;
    const uint64_t messages = pair->a->messages;
    const uint64_t bytes = pair->b->bytes;
    for (int i = 1 - plan.warm_up; i <= plan.iterations; i++) {
        const double figure = is_bulk ? bulk(pair, plan.ns) : round_trips(pair, plan.ns);
        if (i > 0) {
            printf("iteration %s %d %.3f %s\n", what, i, figure, is_bulk ? "Gbit/s" : "ns");
        }
    }
    printf("counted %s messages=%lu bytes=%lu frames=%lu frameBytes=%lu faults=%lu\n", what,
            pair->a->messages - messages, pair->b->bytes - bytes, pair->a->frames + pair->b->frames - frames,
            pair->a->frame_bytes + pair->b->frame_bytes - frame_bytes, pair->a->faults + pair->b->faults);
}

/* A frame with a wrong bit must be dropped, and what it carried comes when its sender has waited long enough. */
static void check_drop(struct pair *pair, struct stack *sender, uint16_t offset, const char *what) {
    sender->corrupt(offset);
    for (int i = 0; i < QUIET_TURNS; i++) {
        exchange(pair);
    }
    const uint64_t frames = pair->a->frames + pair->b->frames;
    const uint64_t messages = pair->a->messages;
    for (int i = 0; i < QUIET_TURNS; i++) {
        exchange(pair);
    }
    const bool is_dropped = pair->a->messages == messages && pair->a->frames + pair->b->frames == frames;
    int late = 0;
    while (pair->a->messages == messages && late++ < LATE_TURNS) {
        pair->manual_ns += LATE_NS;
        exchange(pair);
    }
    printf("dropped %s %s\n", what, is_dropped && late <= LATE_TURNS ? "yes" : "no");
}

static void check(struct pair *pair) {
    check_drop(pair, pair->a, HEADER_BYTES + MESSAGE_BYTES / 2, "data.of.a");
    check_drop(pair, pair->a, TTL_OFFSET, "ip.header.of.a");
    check_drop(pair, pair->b, HEADER_BYTES - 1, "tcp.header.of.b");
    check_drop(pair, pair->b, TTL_OFFSET, "ip.header.of.b");
}

static void pin(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) {
        fail("pin", "there is no such processor, or it is not allowed");
    }
}

int main(int count, char **words) {
    if (count != 8) {
        fail("arguments", "A.so B.so PROCESSOR roundTrip|bulk|check WARM-UP ITERATIONS MS");
    }
    const char *what = words[4];
    const struct plan plan = {atoi(words[5]), atoi(words[6]), strtoull(words[7], NULL, 10) * 1000000u};
    const bool is_check = strcmp(what, "check") == 0;
    pin(atoi(words[3]));
    struct pair pair = {load(words[1]), load(words[2]), is_check, 0};
    if (pair.a == pair.b) {
        fail("arguments", "both are one file");
    }
    const bool is_bulk = strcmp(what, "bulk") == 0;
    connect_pair(&pair, !is_bulk);
    if (!is_bulk && !pair.a->ping()) {
        fail("ping", "the first message was not taken");
    }
    if (!is_bulk) {
        turn_b(&pair);
    }
    if (is_check) {
        check(&pair);
    } else {
        measure(&pair, what, plan);
    }
    return 0;
}
