"""What the client does, against a service on the loopback interface."""

from __future__ import annotations

import base64
import json
import os
import tempfile
import unittest
from typing import Any

from defender_machines import (
    MachinesClient,
    Progress,
    Stopped,
    account_of,
    devices_frame,
    people_frame,
)
from defender_machines.answers import Answer
from scripted_service import Asked, ScriptedService, devices, error


class Tokens:
    """A source that counts."""

    def __init__(self) -> None:
        self.refused: list[str | None] = []

    def __call__(self, refused: bool = False, claims: str | None = None) -> str:
        if refused:
            self.refused.append(claims)
        return f"token {len(self.refused)}"


class Collecting(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "answers.jsonl")
        self.service = self.enterContext(ScriptedService())
        self.tokens = Tokens()
        self.progress: list[Progress] = []

    def collect(self, *names: str) -> list[Answer]:
        client = MachinesClient(self.service.url, self.tokens, clock=self.service)
        return client.collect(names, self.file, self.progress.append)

    def names_asked(self) -> list[str]:
        return [name for asked in self.service.asked for name in asked.names]

    def test_answers_come_in_the_order_of_the_list_with_bulk_priority(self) -> None:
        answers = self.collect("b", "a")
        self.assertEqual([answer.user_name for answer in answers], ["b", "a"])
        self.assertEqual(answers[1].machines, devices("device of a"))
        self.assertEqual({asked.priority for asked in self.service.asked}, {"bulk"})

    def test_three_spellings_of_an_account_are_asked_for_once(self) -> None:
        answers = self.collect("Ada@contoso.com", "CONTOSO\\ada", "ADA")
        self.assertEqual(self.names_asked(), ["Ada@contoso.com"])
        self.assertEqual([answer.account for answer in answers], ["ada"])

    def test_no_more_are_asked_for_at_once_than_the_estimate_says(self) -> None:
        self.service.seconds_for = lambda people: 0.0 if people <= 20 else 9.0
        self.collect(*(f"user{number}" for number in range(50)))
        self.assertEqual([len(asked.names) for asked in self.service.asked], [20, 20, 10])

    def test_where_few_can_be_had_it_waits_for_some_more(self) -> None:
        # One each second, and none before.
        self.service.seconds_for = lambda people: people - self.service.slept + len(self.names_asked())
        self.collect(*(f"user{number}" for number in range(12)))
        self.assertEqual(self.service.asked[0].at, 3.5)
        self.assertEqual([len(asked.names) for asked in self.service.asked], [5, 5, 2])

    def test_who_is_told_to_come_back_is_asked_for_again_and_not_earlier(self) -> None:
        def answer(name: str, asked: Asked) -> Any:
            is_early = name == "late" and asked.at < 40
            return error("RATE_LIMITED", retryAfterSeconds=40) if is_early else devices(name)

        self.service.answer = answer
        answers = self.collect("late", "soon")
        self.assertEqual([(one.at, one.names) for one in self.service.asked], [(0, ["late", "soon"]), (40, ["late"])])
        self.assertEqual([one.machines for one in answers], [devices("late"), devices("soon")])

    def test_being_told_to_come_back_is_no_failure_however_often(self) -> None:
        self.service.answer = lambda name, asked: (
            error("RATE_LIMITED", retryAfterSeconds=60) if asked.at < 3_600 else devices(name)
        )
        self.assertIsNone(self.collect("a")[0].problem)

    def test_a_failure_that_may_pass_is_tried_three_times_and_then_is_a_row(self) -> None:
        self.service.answer = lambda name, asked: error("UPSTREAM_TIMEOUT")
        problem = self.collect("a")[0].problem
        self.assertEqual([asked.at for asked in self.service.asked], [0, 60, 120])
        assert problem
        self.assertEqual(problem.code, "UPSTREAM_TIMEOUT")
        self.assertIn("Run again later", problem.what_to_do)

    def test_one_persons_failure_is_a_row_that_says_what_to_do(self) -> None:
        self.service.answer = lambda name, asked: (
            error("BAD_USER_INPUT") if name == "?" else None if name == "gone" else devices("x", "y")
        )
        people = people_frame(self.collect("?", "gone", "a"))
        self.assertEqual(list(people["outcome"]), ["failed", "unknown to Defender", "devices"])
        self.assertEqual(list(people["devices"].fillna(-1)), [-1, -1, 2])
        self.assertEqual(people["whatToDo"][0], "Correct the name in your list.")
        self.assertEqual(len(self.service.asked), 1)
        self.assertIn("3 of 3 people · 2 devices, 1 failed", str(self.progress[-1]))

    def test_who_is_saved_is_not_asked_for_again_and_who_failed_is(self) -> None:
        self.service.answer = lambda name, asked: error("FORBIDDEN") if name == "b" else devices(name)
        self.collect("a", "b")
        self.service.answer = lambda name, asked: devices(name)
        self.service.asked.clear()
        answers = self.collect("a", "b", "c")
        self.assertEqual(self.names_asked(), ["b", "c"])
        self.assertEqual([answer.machines for answer in answers], [devices("a"), devices("b"), devices("c")])

    def test_a_line_that_was_not_written_to_its_end_is_asked_for_again(self) -> None:
        self.collect("a", "b")
        with open(self.file, "r+b") as file:
            file.truncate(os.path.getsize(self.file) - 5)
            file.seek(0, os.SEEK_END)
            # A longer line than comes in its place.
            file.write(b"x" * 5_000)
        self.service.asked.clear()
        self.collect("a", "b")
        self.assertEqual(self.names_asked(), ["b"])
        with open(self.file, encoding="utf8") as file:
            self.assertEqual([json.loads(line)["account"] for line in file], ["a", "b"])

    def test_only_its_owner_can_read_the_file(self) -> None:
        self.collect("a")
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)

    def test_a_token_that_has_ended_is_renewed_with_the_claims_of_the_challenge(self) -> None:
        claims = '{"access_token":{"acrs":{"value":"c1"}}}'
        challenge = base64.b64encode(claims.encode()).decode()
        self.service.answer = lambda name, asked: (
            error("UNAUTHENTICATED", claims=challenge) if asked.authorization == "Bearer token 0" else devices(name)
        )
        answers = self.collect("a", "b")
        self.assertEqual(self.tokens.refused, [claims])
        self.assertEqual([answer.problem for answer in answers], [None, None])

    def test_a_second_end_of_a_token_is_no_refusal_of_a_new_one(self) -> None:
        ended = {"Bearer token 0": "a", "Bearer token 1": "b"}
        self.service.seconds_for = lambda people: 0.0 if people < 2 else 9.0
        self.service.answer = lambda name, asked: (
            error("UNAUTHENTICATED") if ended.get(asked.authorization) == name else devices(name)
        )
        self.assertEqual([answer.problem for answer in self.collect("a", "c", "b")], [None] * 3)
        self.assertEqual(len(self.tokens.refused), 2)

    def test_it_stops_where_a_new_token_is_refused_and_has_saved_what_came(self) -> None:
        self.service.answer = lambda name, asked: devices(name) if name == "a" else error("UNAUTHENTICATED")
        with self.assertRaisesRegex(Stopped, "The new token is refused as well. This is UNAUTH"):
            self.collect("a", "b")
        with open(self.file, encoding="utf8") as file:
            self.assertEqual([json.loads(line)["account"] for line in file], ["a"])

    def test_what_came_is_saved_before_a_sign_in_that_fails(self) -> None:
        def token(refused: bool = False, claims: str | None = None) -> str:
            if refused:
                raise Stopped("Nobody was there to sign in.")
            return "token"

        self.service.answer = lambda name, asked: devices(name) if name == "a" else error("UNAUTHENTICATED")
        client = MachinesClient(self.service.url, token, clock=self.service)
        with self.assertRaisesRegex(Stopped, "Nobody was there"):
            client.collect(["a", "b"], self.file)
        self.assertGreater(os.path.getsize(self.file), 0)

    def test_it_stops_where_defender_shows_nobody(self) -> None:
        self.service.seconds_for = lambda people: 0.0 if people <= 5 else 9.0
        self.service.answer = lambda name, asked: error("FORBIDDEN")
        with self.assertRaisesRegex(Stopped, "shows this caller nobody"):
            self.collect(*(f"user{number}" for number in range(100)))
        self.assertEqual(len(self.names_asked()), 5)

    def test_a_service_that_comes_back_is_waited_for(self) -> None:
        self.service.whole = [(502, "<html>Bad gateway</html>", {})]
        self.assertIsNone(self.collect("a")[0].problem)
        self.assertEqual(self.service.sleeps, [5.0])

    def test_it_stops_where_the_service_stays_away(self) -> None:
        self.service.whole = [(502, "<html>Bad gateway</html>", {})] * 4
        with self.assertRaisesRegex(Stopped, "HTTP status 502"):
            self.collect("a")
        self.assertEqual(self.service.sleeps, [5.0, 20.0, 60.0])

    def test_it_stops_where_the_whole_request_is_refused(self) -> None:
        self.service.whole = [(400, json.dumps({"errors": [error("BAD_USER_INPUT")]}), {})]
        with self.assertRaisesRegex(Stopped, "This is BAD_USER_INPUT."):
            self.collect("a")

    def test_the_token_goes_nowhere_else(self) -> None:
        with ScriptedService() as other:
            self.service.whole = [(307, "", {"location": other.url})] * 4
            with self.assertRaises(Stopped):
                self.collect("a")
            self.assertEqual(other.asked, [])
        with self.assertRaisesRegex(ValueError, "https://"):
            MachinesClient("http://machines.example/graphql", self.tokens)

    def test_a_netrc_does_not_take_the_tokens_place(self) -> None:
        netrc = self.file + ".netrc"
        with open(netrc, "w", encoding="utf8") as file:
            file.write("machine 127.0.0.1 login somebody password something\n")
        os.environ["NETRC"] = netrc
        self.addCleanup(os.environ.pop, "NETRC")
        self.collect("a")
        self.assertEqual(self.service.asked[0].authorization, "Bearer token 0")

    def test_an_estimate_of_a_very_long_list_is_reckoned_in_proportion(self) -> None:
        self.service.seconds_for = lambda people: people * 2.4
        client = MachinesClient(self.service.url, self.tokens)
        estimate = client.estimate(f"user{number}" for number in range(8_000))
        self.assertEqual((estimate.calls, round(estimate.seconds)), (8_000, 19_200))
        self.assertIn("8,000 calls", str(estimate))
        self.assertIn("about 5.3 h", str(estimate))


class Frames(unittest.TestCase):
    def test_times_of_six_and_seven_digits_and_none_are_times(self) -> None:
        moments = ["2025-02-03T04:05:06.1234567Z", "2025-02-03T04:05:06.123456Z", None]
        machines = [{"id": str(place), "lastSeen": text} for place, text in enumerate(moments)]
        frame = devices_frame([Answer("a", "a", machines=machines)])
        self.assertEqual(list(frame["lastSeen"].dt.microsecond.fillna(-1)), [123456, 123456, -1])
        self.assertEqual(str(frame["lastSeen"].dt.tz), "UTC")

    def test_risk_is_ordered_and_what_is_unknown_is_no_risk(self) -> None:
        machines = [{"id": risk, "riskScore": risk} for risk in ("HIGH", "NONE", "UNKNOWN", "LOW")]
        frame = devices_frame([Answer("a", "a", machines=machines)])
        self.assertEqual(frame["riskScore"].max(), "HIGH")
        self.assertEqual(frame["riskScore"].isna().sum(), 1)

    def test_nobody_has_no_rows(self) -> None:
        self.assertEqual(len(devices_frame([])), 0)
        self.assertEqual(len(people_frame([])), 0)

    def test_a_name_that_is_no_account_is_not_taken_for_one(self) -> None:
        self.assertEqual(account_of("CONTOSO\\User1"), account_of("user1@contoso.com"))
        for name in ("user1@a@b", "a/user1", "a\\b\\user1"):
            self.assertNotEqual(account_of(name), "user1")


if __name__ == "__main__":
    unittest.main()
