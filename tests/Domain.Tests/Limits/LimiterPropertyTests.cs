using System.Text.Json;
using Chard.Domain.Identity;
using Chard.Domain.Limits;
using FsCheck;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Limits;

/// <summary>
/// Any calls in any order, with operations delivered twice and late, owners that go away, and the state written and read between.
/// </summary>
public sealed class LimiterPropertyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Cleanup Nothing = new([], [], [], [], []);

    [Property(MaxTest = 500)]
    public void Concurrency_AnyOperations_NeverMoreThanAllowedFirstComeFirstServedAndNobodyStarves(
        NonEmptyArray<int> steps, PositiveInt most)
    {
        var rule = new LimitRule("k", 1 + (most.Get % 4));
        var state = new LimiterState();
        var asked = new List<Permit>();
        var served = new List<Permit>();
        var over = new HashSet<Permit>();
        DateTimeOffset now = Start;
        int next = 0;
        foreach (int step in steps.Get.Select(s => s & 0x7fff_ffff))
        {
            Permit Any(IReadOnlyList<Permit> of) => of[step / 8 % of.Count];
            switch (step % 8)
            {
                case 0 or 1 or 2:
                    var permit = new Permit($"wf{step / 8 % 5}", $"0.{next++}", CallTurn.First);
                    asked.Add(permit);
                    Took(state.Acquire(rule, now, permit), permit);
                    break;

                case 3 when asked.Except(over).ToArray() is { Length: > 0 } alive: // delivered twice, also to who holds
                    Permit again = Any(alive);
                    Took(state.Acquire(rule, now, again), again);
                    break;

                case 4 or 5 when served.Except(over).ToArray() is { Length: > 0 } working:
                    End(Any(working));
                    break;

                case 6 when asked.Except(over).Except(served).ToArray() is { Length: > 0 } waiting: // gives up
                    End(Any(waiting));
                    break;

                case 7 when over.Count > 0: // released twice
                    Told(state.Release(rule, now, over.ElementAt(step / 8 % over.Count)));
                    break;
            }

            now += TimeSpan.FromMilliseconds(step % 1000);
            state = JsonSerializer.Deserialize<LimiterState>(JsonSerializer.Serialize(state))!;
            Assert.True(state.Taken <= rule.Concurrency, "More are at work than allowed.");
            Assert.True(served.Except(over).Count() <= rule.Concurrency);
            Assert.Equal(state.Held.Select(h => h.Permit).ToHashSet(), served.Except(over).ToHashSet());
            Assert.True(state.Taken == rule.Concurrency || state.Waiting.Count == 0, "One waits though there is room.");
        }

        while (served.Except(over).FirstOrDefault() is { } last)
        {
            End(last);
        }

        Assert.Empty(state.Waiting);
        Assert.Equal(asked.Where(served.Contains), served);
        Assert.Equal(asked.ToHashSet(), over);
        Assert.True(state.IsEmpty(now));

        void Took(PermitAnswer answer, Permit by)
        {
            if (answer.Offer is not null && !served.Contains(by))
            {
                served.Add(by);
            }

            Told(answer.Notices);
        }

        void End(Permit permit)
        {
            over.Add(permit);
            Told(state.Release(rule, now, permit));
        }

        void Told(IReadOnlyList<PermitNotice> notices) =>
            served.AddRange(notices.Select(n => asked.Single(p => p.Instance == n.Instance && p.EventName == n.Event)));
    }

    [Property(MaxTest = 500)]
    public void Rate_AnyOperations_NoWindowHasMoreThanItsShareAndTheBurst(NonEmptyArray<int> steps, PositiveInt rate, PositiveInt burst)
    {
        var rule = new LimitRule("k", null, (rate.Get % 3) switch { 0 => 0.02, 1 => 0.3, _ => 1 + (rate.Get % 50) }, 1 + (burst.Get % 5));
        var state = new LimiterState();
        var times = new Dictionary<Permit, DateTimeOffset>();
        var gone = new HashSet<string>();
        DateTimeOffset now = Start;
        int next = 0;
        foreach (int step in steps.Get.Select(s => s & 0x7fff_ffff))
        {
            switch (step % 8)
            {
                case < 5:
                    var permit = new Permit($"wf{step / 8 % 4}-{gone.Count}", $"0.{next++}", CallTurn.First);
                    times[permit] = state.Acquire(rule, now, permit).Offer!.At;
                    Assert.Equal(times[permit], state.Acquire(rule, now, permit).Offer!.At);
                    break;

                case 5 when times.Keys.Where(p => times[p] > now).ToArray() is { Length: > 0 } waiting: // gives up
                    Permit tired = waiting[step / 8 % waiting.Length];
                    state.Release(rule, now, tired);
                    times.Remove(tired);
                    break;

                case 6 when times.Keys.Where(p => times[p] > now).ToArray() is { Length: > 0 } waiting: // a workflow is cancelled
                    string ended = waiting[step / 8 % waiting.Length].Instance;
                    gone.Add(ended);
                    state.Tidy(rule, now, Nothing with { Gone = [ended] });
                    foreach (Permit left in waiting.Where(p => p.Instance == ended))
                    {
                        times.Remove(left);
                    }

                    foreach (Holding held in state.Held.Where(h => h.At > now))
                    {
                        Assert.True(held.At <= times[held.Permit], "Somebody waits longer because another one has gone.");
                        times[held.Permit] = held.At;
                    }

                    break;

                default:
                    now += TimeSpan.FromMilliseconds(step / 8 % 30_000);
                    state.Tidy(rule, now, Nothing);
                    foreach (Holding held in state.Held.Where(h => h.At > now))
                    {
                        times[held.Permit] = held.At;
                    }

                    break;
            }

            state = JsonSerializer.Deserialize<LimiterState>(JsonSerializer.Serialize(state))!;
        }

        DateTimeOffset[] starts = [.. times.Values.Order()];
        for (int from = 0; from < starts.Length; from++)
        {
            for (int to = from; to < starts.Length; to++)
            {
                // A tick for each division that was rounded.
                double allowed = rule.Burst + ((starts[to] - starts[from]).TotalSeconds * rule.PerSecond!.Value) + 0.001;
                Assert.True(to - from + 1 <= allowed, $"{to - from + 1} begin within {starts[to] - starts[from]}, {allowed} may.");
            }
        }
    }
}
