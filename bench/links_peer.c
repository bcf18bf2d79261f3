/* GS1's own C engine doing what `crates/gs1/examples/link_bench.rs` does, for bench/links.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gs1encoders.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int count, char **words) {
    const double seconds = count > 1 ? atof(words[1]) : 1.0;
    gs1_encoder *engine = gs1_encoder_init(NULL);
    static const char *const names[] = {
        "read and check a link", "read and check a scan", "read and check a bracketed string"};
    for (int kind = 0; kind < 3; kind++) {
        long done = 0;
        const double start = now();
        while (now() - start < seconds) {
            for (int turn = 0; turn < 1000; turn++) {
                int good;
                if (kind == 0)
                    good = gs1_encoder_setDataStr(engine,
                        "https://tx.example.vn/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T?17=261231");
                else if (kind == 1)
                    good = gs1_encoder_setScanData(engine,
                        "]d201089312345678971726123110SC-0726\x1d" "217K3M9Q2XWP4T");
                else
                    good = gs1_encoder_setAIdataStr(engine,
                        "(01)08931234567897(17)261231(10)SC-0726(21)7K3M9Q2XWP4T");
                if (!good) {
                    fprintf(stderr, "%s: %s\n", names[kind], gs1_encoder_getErrMsg(engine));
                    return 1;
                }
            }
            done += 1000;
        }
        printf("{\"what\":\"%s\",\"per_second\":%.0f}\n", names[kind], (double)done / (now() - start));
    }
    gs1_encoder_free(engine);
    return 0;
}
