// SPDX-License-Identifier: MIT
// Deliveries of every scheme, changed on their way: accepted is what was signed, and nothing else.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "../mutations/mutation.hpp"
#include "../mutations/planted.hpp"
#include "harness.hpp"

namespace {

using namespace mutations;

// The endpoints with a few deliveries each, the same in every run.
std::vector<endpoint> with_deliveries(std::vector<endpoint> all) {
    std::array<unsigned char, 64> bytes{};
    unsigned next = 1;
    for (endpoint& each : all) {
        for (int i = 0; i < 6; ++i) {
            for (unsigned char& byte : bytes) {
                next = next * 1'664'525 + 1'013'904'223;
                byte = static_cast<unsigned char>(next >> 24);
            }
            choices chosen(bytes);
            each.add_genuine(chosen);
        }
    }
    return all;
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    std::vector<std::string_view> names;
    for (const mutations::planted_fault& each : planted_faults) names.push_back(each.name);
    return names;
}

void fuzz::try_input(input bytes) {
    static const std::vector<endpoint> endpoints = with_deliveries(make_endpoints());
    choices chosen(bytes);
    const endpoint& at = endpoints[chosen.below(endpoints.size())];
    const request& original = chosen.one_of(at.genuine());
    request sent = original;
    mutator change(at, chosen);
    bool harmless = true;
    for (int i = 0; i < 8 && !chosen.used_up(); ++i) {
        harmless = change.apply(static_cast<kind>(chosen.below(kinds)), sent) && harmless;
    }
    const verdict good = at.verify(sent);
    const planted_fault* const fault = find_fault(fuzz::fault_to_plant());
    const verdict said = fault ? fault->verify(at, sent, good) : good;
    require(said == at.expect(sent), "the answer is not what the reference says");
    require(!said.accepted || at.is_as_signed(sent, said),
            "body, id and time were not signed together");
    require(!harmless || said == at.expect(original), "what is not signed changes the answer");
}
