using System.Text.Json;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;

namespace Chard.Domain.Tests.Routes;

public sealed class SlowTaskEndTests
{
    [Theory]
    [InlineData(FailureKind.Transient)]
    [InlineData(FailureKind.Permanent)]
    public void Of_AFailure_KeepsKindCodeMessageAndCausesOverJson(FailureKind kind)
    {
        TaskFailureException thrown = new TaskFailure(kind, "io", "broken: pipe").ToException(
            new InvalidOperationException(new string('x', 9000), new TimeoutException("late")));

        SlowTaskEnd end = JsonSerializer.Deserialize<SlowTaskEnd>(JsonSerializer.Serialize(SlowTaskEnd.Of(thrown)))!;

        Assert.Equal(new TaskFailure(kind, "io", "broken: pipe"), end.Failure);
        Assert.Equal(
            [(thrown.GetType().Name, 16), (typeof(InvalidOperationException).FullName!, TaskFailure.MaxMessageLength),
                (typeof(TimeoutException).FullName!, 4)],
            end.Chain!.Select(c => (c.Type, c.Message.Length)));
    }

    [Fact]
    public void Of_ALongChain_IsCut()
    {
        Exception cause = new TimeoutException("0");
        for (int i = 1; i < 20; i++)
        {
            cause = new InvalidOperationException($"{i}", cause);
        }

        Assert.Equal(DeadLetter.MaxChain, SlowTaskEnd.Of(new TransientTaskException("io", "io: x", cause)).Chain!.Count);
    }

    [Fact]
    public void Of_OutcomesAndRows_SayTheSame()
    {
        TaskValue seven = TaskValue.Of(TaskJson.ToElement(7));
        Assert.Equal(7, SlowTaskEnd.Of(TaskOutcome.Succeeded(seven)).Outcome.Result!.ToElement().GetInt32());
        Assert.Equal(7, SlowTaskEnd.Of(Row(LedgerStatus.Succeeded, seven, null), CallTurn.First)!.Outcome.Result!.ToElement().GetInt32());

        RetryLater asked = SlowTaskEnd.Of(Row(LedgerStatus.RateLimited, null, new(
            FailureKind.RateLimited, "http-429", "later", TimeSpan.FromSeconds(9))), CallTurn.First)!.Again!;
        Assert.Equal(new RetryLater(9, "http-429", "later"), asked);
        Assert.Equal(asked, SlowTaskEnd.Of(TaskOutcome.RateLimited(TimeSpan.FromSeconds(9), "http-429", "later")).Outcome.Again);

        SlowTaskEnd failed = SlowTaskEnd.Of(
            Row(LedgerStatus.Failed, null, new(FailureKind.Permanent, "declined", "no money")), CallTurn.First)!;
        Assert.Equal(new TaskFailure(FailureKind.Permanent, "declined", "no money"), failed.Failure);
        Assert.Equal([new DeadLetterCause(FailureType.Permanent, "declined: no money")], failed.Chain);
    }

    [Fact]
    public void NameOf_EachTurn_HasANameOfItsOwn()
    {
        CallTurn[] turns = [new(0, 1, 0), new(0, 2, 0), new(1, 2, 0), new(0, 1, 1), new(0, 12, 0), new(0, 1, 2)];

        Assert.Equal("slow-task:2.0:1:3:4", SlowTaskEvents.NameOf("2.0", new(1, 3, 4)));
        Assert.Distinct(turns.Select(t => SlowTaskEvents.NameOf("0", t)), StringComparer.OrdinalIgnoreCase);
    }

    private static LedgerRow Row(LedgerStatus status, TaskValue? result, TaskFailure? failure) => new()
    {
        Key = new("wf", null, "0"), Task = "Echo", Turn = CallTurn.First, Status = status, Runner = "r", StartedAt = default,
        Result = result, Failure = failure,
    };
}
