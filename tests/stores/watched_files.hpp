// SPDX-License-Identifier: MIT
// SQLite's files as tests see them: they can fail, and what a loss of power would leave of them can
// be looked at.
#ifndef WEBHOOKPP_TESTS_STORES_WATCHED_FILES_HPP
#define WEBHOOKPP_TESTS_STORES_WATCHED_FILES_HPP

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sqlite_fixture {

/// What was done to a file, since the disk saw it last or before.
struct file_event {
    enum class kind { write, truncate, sync, create, remove, mark };
    kind what = kind::mark;
    std::string path = {};
    std::int64_t offset = 0;  ///< of `truncate`: the size; of `mark`: its number
    std::string data = {};
};

/// While it lives, all files that SQLite opens in this process go through it. For one thread.
class watched_files {
public:
    /// How calls fail: not, or from the n-th on with an error.
    struct fault {
        int first = 0;      ///< which call, counted from 1; 0 for none
        int count = 1;      ///< how many calls from there on
        bool full = false;  ///< writes find a full disk; nothing else fails
    };

    watched_files() : real_(sqlite3_vfs_find(nullptr)) {
        if (current_) throw std::runtime_error("one at a time");
        current_ = this;
        watched_ = *real_;
        watched_.pNext = nullptr;
        watched_.zName = "watched";
        watched_.szOsFile = static_cast<int>(sizeof(file)) + real_->szOsFile;
        watched_.xOpen = open;
        watched_.xDelete = remove;
        watched_.xAccess = [](sqlite3_vfs*, const char* path, int flags, int* answer) {
            return current_->real_->xAccess(current_->real_, path, flags, answer);
        };
        watched_.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* full) {
            return current_->real_->xFullPathname(current_->real_, path, size, full);
        };
        if (sqlite3_vfs_register(&watched_, 1) != SQLITE_OK) throw std::runtime_error("VFS");
    }
    watched_files(const watched_files&) = delete;
    watched_files& operator=(const watched_files&) = delete;
    ~watched_files() {
        sqlite3_vfs_unregister(&watched_);
        sqlite3_vfs_register(real_, 1);
        current_ = nullptr;
    }

    /// Lets the calls from now on fail as `how` says.
    void fail(const fault& how) {
        fault_ = how;
        calls_ = 0;
    }
    void heal() { fault_ = {}; }

    /// Whether a call has failed since `fail`.
    [[nodiscard]] bool has_failed() const { return fault_.first > 0 && calls_ >= fault_.first; }

    /// How many files are open.
    [[nodiscard]] int open_files() const { return open_files_; }

    /// From now on all that is done is remembered.
    void record() { recording_ = true; }
    void mark(std::int64_t number) {
        events_.push_back({.what = file_event::kind::mark, .offset = number});
    }
    [[nodiscard]] const std::vector<file_event>& events() const { return events_; }

private:
    struct file {
        sqlite3_file base;  // first, as SQLite sees nothing else
        std::string* path;
        sqlite3_file* real;
    };

    static file& of(sqlite3_file* base) { return *reinterpret_cast<file*>(base); }

    // Counts a call, and says whether it fails.
    bool fails(bool is_write = false) {
        if (fault_.first == 0 || (fault_.full && !is_write)) return false;
        ++calls_;
        return calls_ >= fault_.first && calls_ - fault_.first < fault_.count;
    }

    void add(file_event event) {
        if (recording_) events_.push_back(std::move(event));
    }

    static int open(sqlite3_vfs*, const char* path, sqlite3_file* base, int flags, int* given) {
        base->pMethods = nullptr;
        if (current_->fails()) return SQLITE_CANTOPEN;
        file& made = of(base);
        made.real = reinterpret_cast<sqlite3_file*>(&made + 1);
        const bool existed = path && std::filesystem::exists(path);
        const int code = current_->real_->xOpen(current_->real_, path, made.real, flags, given);
        if (code != SQLITE_OK) return code;
        made.path = new std::string(path ? path : "");
        if (!existed) current_->add({.what = file_event::kind::create, .path = *made.path});
        base->pMethods = &methods();
        ++current_->open_files_;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs*, const char* path, int sync_directory) {
        if (current_->fails()) return SQLITE_IOERR_DELETE;
        const int code = current_->real_->xDelete(current_->real_, path, 0);
        if (code == SQLITE_OK) {
            current_->add(
                {.what = file_event::kind::remove, .path = path, .offset = sync_directory});
        }
        return code;
    }

    static const sqlite3_io_methods& methods() {
        static const sqlite3_io_methods all = {
            .iVersion = 2,
            .xClose =
                [](sqlite3_file* base) {
                    file& closed = of(base);
                    const int code = closed.real->pMethods->xClose(closed.real);
                    delete closed.path;
                    --current_->open_files_;
                    return code;
                },
            .xRead =
                [](sqlite3_file* base, void* data, int size, sqlite3_int64 offset) {
                    if (current_->fails()) return SQLITE_IOERR_READ;
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xRead(real, data, size, offset);
                },
            .xWrite =
                [](sqlite3_file* base, const void* data, int size, sqlite3_int64 offset) {
                    const bool full = current_->fault_.full;
                    const bool failed = current_->fails(true);
                    if (failed) size /= 2;  // a part may have been written
                    sqlite3_file* const real = of(base).real;
                    const int code = real->pMethods->xWrite(real, data, size, offset);
                    current_->add(
                        {.what = file_event::kind::write,
                         .path = *of(base).path,
                         .offset = offset,
                         .data = {static_cast<const char*>(data), static_cast<std::size_t>(size)}});
                    if (!failed) return code;
                    return full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
                },
            .xTruncate =
                [](sqlite3_file* base, sqlite3_int64 size) {
                    if (current_->fails()) return SQLITE_IOERR_TRUNCATE;
                    current_->add({.what = file_event::kind::truncate,
                                   .path = *of(base).path,
                                   .offset = size});
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xTruncate(real, size);
                },
            // Nothing is lost with this process, so the disk need not be troubled.
            .xSync =
                [](sqlite3_file* base, int) {
                    if (current_->fails()) return SQLITE_IOERR_FSYNC;
                    current_->add({.what = file_event::kind::sync, .path = *of(base).path});
                    return SQLITE_OK;
                },
            .xFileSize =
                [](sqlite3_file* base, sqlite3_int64* size) {
                    if (current_->fails()) return SQLITE_IOERR_FSTAT;
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xFileSize(real, size);
                },
            .xLock =
                [](sqlite3_file* base, int level) {
                    if (current_->fails()) return SQLITE_IOERR_LOCK;
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xLock(real, level);
                },
            .xUnlock =
                [](sqlite3_file* base, int level) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xUnlock(real, level);
                },
            .xCheckReservedLock =
                [](sqlite3_file* base, int* answer) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xCheckReservedLock(real, answer);
                },
            .xFileControl =
                [](sqlite3_file* base, int what, void* argument) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xFileControl(real, what, argument);
                },
            .xSectorSize =
                [](sqlite3_file* base) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xSectorSize(real);
                },
            // A write damages nothing beside it, and that is all that may be relied upon.
            .xDeviceCharacteristics =
                [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
            .xShmMap =
                [](sqlite3_file* base, int region, int size, int extend, void volatile** memory) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xShmMap(real, region, size, extend, memory);
                },
            .xShmLock =
                [](sqlite3_file* base, int offset, int count, int flags) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xShmLock(real, offset, count, flags);
                },
            .xShmBarrier =
                [](sqlite3_file* base) {
                    sqlite3_file* const real = of(base).real;
                    real->pMethods->xShmBarrier(real);
                },
            .xShmUnmap =
                [](sqlite3_file* base, int removed) {
                    sqlite3_file* const real = of(base).real;
                    return real->pMethods->xShmUnmap(real, removed);
                },
            .xFetch = nullptr,
            .xUnfetch = nullptr};
        return all;
    }

    static inline watched_files* current_ = nullptr;

    sqlite3_vfs* const real_;
    sqlite3_vfs watched_ = {};
    fault fault_ = {};
    int calls_ = 0;
    int open_files_ = 0;
    bool recording_ = false;
    std::vector<file_event> events_;
};

/// A disk that loses power after the first of `events`: what was synced is there, and of what came
/// later any part, in pieces of the size of a sector.
class lost_power {
public:
    lost_power(const std::vector<file_event>& events, std::size_t count, std::uint64_t seed)
        : random_(seed) {
        // Also the extremes: nothing of it, and all.
        likelihood_ = std::vector<double>{0, 0.1, 0.5, 0.5, 0.9, 1}[seed % 6];
        for (std::size_t i = 0; i < count; ++i) see(events[i]);
        for (auto& [path, each] : files_) {
            for (const file_event& late : each.late) {
                if (late.what == file_event::kind::write) {
                    write_parts(each.disk, late);
                } else if (happens()) {
                    each.disk.resize(static_cast<std::size_t>(late.offset));
                }
            }
            if (each.is_new && !happens()) each.gone = true;
            // Of a removal that no sync has followed.
            if (each.removed && happens()) each.gone = true;
        }
    }

    /// Writes the files as they are now into `directory`, instead of where they were.
    void save(const std::string& directory) const {
        for (const auto& [path, each] : files_) {
            if (each.gone) continue;
            const auto name = std::filesystem::path(path).filename();
            std::ofstream(std::filesystem::path(directory) / name, std::ios::binary) << each.disk;
        }
    }

private:
    struct contents {
        std::string disk;
        std::vector<file_event> late;
        bool is_new = false;   // its name may not be there
        bool removed = false;  // its name may still be there
        bool gone = false;
    };

    static constexpr std::size_t sector = 512;

    void see(const file_event& event) {
        if (event.what == file_event::kind::mark) return;
        contents& each = files_[event.path];
        switch (event.what) {
            case file_event::kind::create:
                each = {};
                each.is_new = true;
                break;
            case file_event::kind::remove:
                each.removed = true;
                if (event.offset != 0) sync_directory();
                break;
            case file_event::kind::sync:
                for (const file_event& late : each.late) write_whole(each.disk, late);
                each.late.clear();
                // The first sync of a journal that SQLite has created also syncs the directory.
                if (each.is_new) sync_directory();
                break;
            default: each.late.push_back(event);
        }
    }

    void sync_directory() {
        for (auto& [path, each] : files_) {
            each.is_new = false;
            each.gone = each.gone || each.removed;
        }
    }

    static void write_whole(std::string& disk, const file_event& event) {
        const auto offset = static_cast<std::size_t>(event.offset);
        if (event.what == file_event::kind::truncate) {
            disk.resize(offset);
        } else {
            if (disk.size() < offset + event.data.size()) disk.resize(offset + event.data.size());
            disk.replace(offset, event.data.size(), event.data);
        }
    }

    void write_parts(std::string& disk, const file_event& event) {
        for (std::size_t at = 0; at < event.data.size(); at += sector) {
            if (!happens()) continue;
            const auto begin = static_cast<std::size_t>(event.offset) + at;
            const std::string part = event.data.substr(at, sector);
            // What lies between is what was on the disk before.
            while (disk.size() < begin) disk += static_cast<char>(random_() & 0xff);
            disk.replace(begin, (std::min)(part.size(), disk.size() - begin), part);
        }
    }

    bool happens() { return std::uniform_real_distribution<double>()(random_) < likelihood_; }

    std::mt19937_64 random_;
    double likelihood_ = 0.5;
    std::map<std::string, contents> files_;
};

}  // namespace sqlite_fixture

#endif
