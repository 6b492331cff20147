// SPDX-License-Identifier: MIT
// A program that a test runs beside itself, and that does not outlive it.
#ifndef WEBHOOKPP_TESTS_STORES_CHILD_HPP
#define WEBHOOKPP_TESTS_STORES_CHILD_HPP

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace child {

using namespace std::chrono_literals;

/// Calls `condition` until it is true, for at most `patience`; returns whether it was.
template <class F>
bool eventually(F condition, std::chrono::milliseconds patience = 30s) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

/// Who runs servers that refuse to be run by root. Nobody in particular where we are not root.
struct user {
    uid_t uid = getuid();
    gid_t gid = getgid();

    static user unprivileged() {
        user found;
        if (found.uid != 0) return found;
        for (const char* name : {"postgres", "nobody"}) {
            if (const passwd* const entry = getpwnam(name)) {
                found.uid = entry->pw_uid;
                found.gid = entry->pw_gid;
                return found;
            }
        }
        throw std::runtime_error("there is no user to run a server");
    }
};

/// A directory for one test program, removed at its end.
class directory {
public:
    explicit directory(const user& owner) {
        std::string name = (std::filesystem::temp_directory_path() / "webhookpp.XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr || chown(name.c_str(), owner.uid, owner.gid) != 0) {
            throw std::runtime_error("no temporary directory");
        }
        path_ = name;
    }
    directory(const directory&) = delete;
    directory& operator=(const directory&) = delete;
    ~directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string path(const std::string& name = {}) const {
        return name.empty() ? path_ : path_ + "/" + name;
    }

private:
    std::string path_;
};

/// One process. Stopped at the latest when this object ends, or the test program dies.
class process {
public:
    /// Runs `words`, what it prints goes to the file `output`. `end`: the signal that ends it.
    process(const std::vector<std::string>& words, const user& as, const std::string& output,
            int end = SIGKILL)
        : end_(end) {
        std::vector<char*> arguments;
        for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        const pid_t parent = getpid();
        pid_ = fork();
        if (pid_ < 0) throw std::runtime_error("cannot fork");
        if (pid_ == 0) become(arguments, as, output, parent, end);
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process() { stop(end_); }

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    /// Sends `signal` and waits until the process is gone, which it is after 20 seconds in any
    /// case. Returns its status as `waitpid` does.
    int stop(int signal) {
        if (pid_ <= 0) return status_;
        kill(pid_, signal);
        kill(pid_, SIGCONT);
        if (!eventually([&] { return gone(); }, 20s)) {
            kill(pid_, SIGKILL);
            waitpid(pid_, &status_, 0);
            pid_ = -1;
        }
        return status_;
    }

    /// Waits until it ends by itself. Returns its status; -1 if it does not.
    int wait(std::chrono::milliseconds patience = 60s) {
        return eventually([&] { return gone(); }, patience) ? status_ : -1;
    }

    bool gone() {
        if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
        return pid_ <= 0;
    }

private:
    [[noreturn]] static void become(const std::vector<char*>& arguments, const user& as,
                                    const std::string& output, pid_t parent, int end) {
        const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (file >= 0) {
            dup2(file, STDOUT_FILENO);
            dup2(file, STDERR_FILENO);
        }
        const bool root = getuid() == 0;
        if (root && (setgroups(0, nullptr) != 0 || setgid(as.gid) != 0 || setuid(as.uid) != 0)) {
            _exit(126);
        }
        // Not before the change of user, which forgets it.
        prctl(PR_SET_PDEATHSIG, end);
        if (getppid() != parent) _exit(125);
        execv(arguments.front(), arguments.data());
        _exit(127);
    }

    pid_t pid_ = -1;
    int end_;
    int status_ = 0;
};

}  // namespace child

#endif
