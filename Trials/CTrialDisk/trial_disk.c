#include "trial_disk.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 8, MAX_REGIONS = 8, MAX_NAME = 128, SECTOR = 512 };

// A write, or a truncation where there are no bytes, that was not synced yet.
typedef struct change {
  struct change *next;
  sqlite3_int64 offset;
  int length;
  unsigned char bytes[];
} change;

typedef struct {
  unsigned char *bytes;
  sqlite3_int64 length;
  sqlite3_int64 capacity;
} content;

typedef struct {
  char name[MAX_NAME];
  content durable;
  content current;
  change *first, *last;
  void *regions[MAX_REGIONS];
} file;

struct trial_disk {
  sqlite3_vfs vfs;
  char name[32];
  file files[MAX_FILES];
  int kind, at, operations, is_off;
  int generation;
};

typedef struct {
  sqlite3_file base;
  trial_disk *disk;
  file *file;
  int generation;
} handle;

// ---- content

static int reserve(content *c, sqlite3_int64 length) {
  if (length <= c->capacity) return 1;
  sqlite3_int64 capacity = length * 2;
  unsigned char *bytes = realloc(c->bytes, (size_t)capacity);
  if (!bytes) return 0;
  c->bytes = bytes;
  c->capacity = capacity;
  return 1;
}

static int lay(content *c, sqlite3_int64 offset, const unsigned char *bytes, int length) {
  sqlite3_int64 end = offset + length;
  if (!reserve(c, end)) return 0;
  if (offset > c->length) memset(c->bytes + c->length, 0, (size_t)(offset - c->length));
  memcpy(c->bytes + offset, bytes, (size_t)length);
  if (end > c->length) c->length = end;
  return 1;
}

static int copy(content *to, const content *from) {
  if (!reserve(to, from->length)) return 0;
  if (from->length) memcpy(to->bytes, from->bytes, (size_t)from->length);
  to->length = from->length;
  return 1;
}

static void apply(content *c, const change *change) {
  if (change->length == 0) {
    if (change->offset < c->length) c->length = change->offset;
  } else {
    lay(c, change->offset, change->bytes, change->length);
  }
}

static void forget(file *f) {
  for (change *c = f->first; c;) {
    change *next = c->next;
    free(c);
    c = next;
  }
  f->first = f->last = NULL;
}

static int note(file *f, sqlite3_int64 offset, const void *bytes, int length) {
  change *c = malloc(sizeof *c + (size_t)length);
  if (!c) return 0;
  c->next = NULL;
  c->offset = offset;
  c->length = length;
  if (length) memcpy(c->bytes, bytes, (size_t)length);
  if (f->last) f->last->next = c; else f->first = c;
  f->last = c;
  return 1;
}

// ---- faults

// What an operation that changes the disk meets.
static int meet(handle *h, int otherwise) {
  trial_disk *disk = h->disk;
  if (disk->is_off || h->generation != disk->generation) return otherwise;
  disk->operations++;
  if (disk->kind == 0 || disk->operations != disk->at) return SQLITE_OK;
  if (disk->kind == TRIAL_DISK_POWER) disk->is_off = 1;
  return disk->kind == TRIAL_DISK_FULL ? SQLITE_FULL : otherwise;
}

static int is_gone(const handle *h) {
  return h->disk->is_off || h->generation != h->disk->generation;
}

// ---- files

static int x_close(sqlite3_file *base) { (void)base; return SQLITE_OK; }

static int x_read(sqlite3_file *base, void *to, int length, sqlite3_int64 offset) {
  handle *h = (handle *)base;
  if (is_gone(h)) return SQLITE_IOERR_READ;
  content *c = &h->file->current;
  sqlite3_int64 have = offset < c->length ? c->length - offset : 0;
  if (have > length) have = length;
  if (have > 0) memcpy(to, c->bytes + offset, (size_t)have);
  if (have == length) return SQLITE_OK;
  memset((unsigned char *)to + have, 0, (size_t)(length - have));
  return SQLITE_IOERR_SHORT_READ;
}

static int x_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
  handle *h = (handle *)base;
  int met = meet(h, SQLITE_IOERR_WRITE);
  if (met != SQLITE_OK) return met;
  if (!note(h->file, offset, bytes, length) || !lay(&h->file->current, offset, bytes, length))
    return SQLITE_NOMEM;
  return SQLITE_OK;
}

static int x_truncate(sqlite3_file *base, sqlite3_int64 length) {
  handle *h = (handle *)base;
  int met = meet(h, SQLITE_IOERR_TRUNCATE);
  if (met != SQLITE_OK) return met;
  if (length < h->file->current.length) {
    if (!note(h->file, length, NULL, 0)) return SQLITE_NOMEM;
    h->file->current.length = length;
  }
  return SQLITE_OK;
}

static int x_sync(sqlite3_file *base, int flags) {
  (void)flags;
  handle *h = (handle *)base;
  int met = meet(h, SQLITE_IOERR_FSYNC);
  if (met != SQLITE_OK) return met;
  for (change *c = h->file->first; c; c = c->next) apply(&h->file->durable, c);
  forget(h->file);
  return SQLITE_OK;
}

static int x_size(sqlite3_file *base, sqlite3_int64 *size) {
  handle *h = (handle *)base;
  if (is_gone(h)) return SQLITE_IOERR_FSTAT;
  *size = h->file->current.length;
  return SQLITE_OK;
}

// One connection at a time has the disk, so every lock is free.
static int x_lock(sqlite3_file *base, int level) { (void)base; (void)level; return SQLITE_OK; }
static int x_reserved(sqlite3_file *base, int *is) { (void)base; *is = 0; return SQLITE_OK; }
static int x_control(sqlite3_file *base, int op, void *arg) {
  (void)base; (void)op; (void)arg;
  return SQLITE_NOTFOUND;
}
static int x_sector(sqlite3_file *base) { (void)base; return SECTOR; }
static int x_character(sqlite3_file *base) { (void)base; return 0; }

static int x_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **to) {
  handle *h = (handle *)base;
  *to = NULL;
  if (is_gone(h)) return SQLITE_IOERR_SHMMAP;
  if (region >= MAX_REGIONS) return SQLITE_NOMEM;
  if (!h->file->regions[region]) {
    if (!extend) return SQLITE_OK;
    h->file->regions[region] = calloc(1, (size_t)size);
    if (!h->file->regions[region]) return SQLITE_NOMEM;
  }
  *to = h->file->regions[region];
  return SQLITE_OK;
}
static int x_shm_lock(sqlite3_file *base, int offset, int n, int flags) {
  (void)base; (void)offset; (void)n; (void)flags;
  return SQLITE_OK;
}
static void x_shm_barrier(sqlite3_file *base) { (void)base; }

static void free_regions(file *f) {
  for (int i = 0; i < MAX_REGIONS; i++) {
    free(f->regions[i]);
    f->regions[i] = NULL;
  }
}
static int x_shm_unmap(sqlite3_file *base, int remove) {
  handle *h = (handle *)base;
  // Whoever was cut off by a power failure must not take what the next one has mapped.
  if (h->generation == h->disk->generation && remove) free_regions(h->file);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    2, x_close, x_read, x_write, x_truncate, x_sync, x_size, x_lock, x_lock, x_reserved,
    x_control, x_sector, x_character, x_shm_map, x_shm_lock, x_shm_barrier, x_shm_unmap, 0, 0};

// ---- the disk

static file *find(trial_disk *disk, const char *name, int create) {
  for (int i = 0; i < MAX_FILES; i++)
    if (strcmp(disk->files[i].name, name) == 0) return &disk->files[i];
  if (!create || strlen(name) >= MAX_NAME) return NULL;
  for (int i = 0; i < MAX_FILES; i++) {
    if (disk->files[i].name[0]) continue;
    strcpy(disk->files[i].name, name);
    return &disk->files[i];
  }
  return NULL;
}

static void erase(file *f) {
  forget(f);
  free_regions(f);
  free(f->durable.bytes);
  free(f->current.bytes);
  memset(f, 0, sizeof *f);
}

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out) {
  trial_disk *disk = vfs->pAppData;
  handle *h = (handle *)base;
  h->base.pMethods = NULL;
  if (disk->is_off) return SQLITE_CANTOPEN;
  file *f = find(disk, name ? name : "temporary", flags & SQLITE_OPEN_CREATE);
  if (!f) return SQLITE_CANTOPEN;
  h->base.pMethods = &methods;
  h->disk = disk;
  h->file = f;
  h->generation = disk->generation;
  if (out) *out = flags;
  return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *name, int sync) {
  (void)sync;
  trial_disk *disk = vfs->pAppData;
  if (disk->is_off) return SQLITE_IOERR_DELETE;
  file *f = find(disk, name, 0);
  if (!f) return SQLITE_IOERR_DELETE_NOENT;
  erase(f);
  return SQLITE_OK;
}

static int x_access(sqlite3_vfs *vfs, const char *name, int flags, int *is) {
  (void)flags;
  *is = find(vfs->pAppData, name, 0) != NULL;
  return SQLITE_OK;
}

static int x_path(sqlite3_vfs *vfs, const char *name, int size, char *to) {
  (void)vfs;
  snprintf(to, (size_t)size, "%s", name);
  return SQLITE_OK;
}

static sqlite3_vfs *machine(void) { return sqlite3_vfs_find(NULL); }
static int x_random(sqlite3_vfs *vfs, int size, char *to) {
  (void)vfs;
  // The same for every run, so that a run can be repeated.
  memset(to, 7, (size_t)size);
  return size;
}
static int x_sleep(sqlite3_vfs *vfs, int microseconds) { (void)vfs; return microseconds; }
static int x_time(sqlite3_vfs *vfs, double *time) {
  (void)vfs;
  *time = 2461000.5;
  return SQLITE_OK;
}
static int x_last_error(sqlite3_vfs *vfs, int size, char *to) {
  (void)vfs; (void)size; (void)to;
  return 0;
}

trial_disk *trial_disk_new(void) {
  static atomic_int counter;
  if (!machine()) return NULL;
  trial_disk *disk = calloc(1, sizeof *disk);
  if (!disk) return NULL;
  snprintf(disk->name, sizeof disk->name, "trial-%d", atomic_fetch_add(&counter, 1));
  disk->vfs = (sqlite3_vfs){
      .iVersion = 1, .szOsFile = sizeof(handle), .mxPathname = MAX_NAME, .zName = disk->name,
      .pAppData = disk, .xOpen = x_open, .xDelete = x_delete, .xAccess = x_access,
      .xFullPathname = x_path, .xRandomness = x_random, .xSleep = x_sleep, .xCurrentTime = x_time,
      .xGetLastError = x_last_error};
  if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
    free(disk);
    return NULL;
  }
  return disk;
}

void trial_disk_free(trial_disk *disk) {
  sqlite3_vfs_unregister(&disk->vfs);
  for (int i = 0; i < MAX_FILES; i++) erase(&disk->files[i]);
  free(disk);
}

const char *trial_disk_name(const trial_disk *disk) { return disk->name; }

void trial_disk_arm(trial_disk *disk, int kind, int at) {
  disk->kind = kind;
  disk->at = at;
  disk->operations = 0;
}

static uint64_t roll(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// Some of its sectors arrive, in no order.
static void tear(content *durable, const change *c, uint64_t *seed) {
  for (int start = 0; start < c->length; start += SECTOR) {
    int length = c->length - start < SECTOR ? c->length - start : SECTOR;
    if (roll(seed) % 2) lay(durable, c->offset + start, c->bytes + start, length);
  }
}

void trial_disk_lose_power(trial_disk *disk, uint64_t seed) {
  for (int i = 0; i < MAX_FILES; i++) {
    file *f = &disk->files[i];
    if (!f->name[0]) continue;
    for (change *c = f->first; c; c = c->next) {
      switch (roll(&seed) % 3) {
      case 0: break;
      case 1: apply(&f->durable, c); break;
      default: tear(&f->durable, c, &seed);
      }
    }
    forget(f);
    free_regions(f);
    copy(&f->current, &f->durable);
  }
  disk->generation++;
  disk->is_off = 0;
  disk->kind = 0;
}
