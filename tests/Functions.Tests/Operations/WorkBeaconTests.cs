using Azure;
using Azure.Data.Tables;
using Chard.Platform;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Operations;

/// <summary>When a sweep may rest: never while something may have been written that its last round has not seen.</summary>
public sealed class WorkBeaconTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly Mock<TableClient> _table = new();
    private int _tag;
    private int _writes;
    private int _reads;

    public WorkBeaconTests()
    {
        _table.Setup(t => t.UpsertEntityAsync(It.IsAny<TableEntity>(), TableUpdateMode.Replace, It.IsAny<CancellationToken>()))
            .ReturnsAsync(() =>
            {
                _tag++;
                _writes++;
                return Mock.Of<Response>();
            });
        _table.Setup(t => t.GetEntityIfExistsAsync<TableEntity>(
                WorkBeacon.Partition, "work", It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() =>
            {
                _reads++;
                return new Row(_tag == 0 ? null : new TableEntity { ETag = new($"W/\"{_tag}\"") });
            });
    }

    [Fact]
    public async Task IsOut_NothingFoundLongAfterItWasLit_RestsUntilItIsLitAgain()
    {
        WorkBeacon sweeper = Beacon(), writer = Beacon();
        await writer.LightAsync(default);
        Assert.False(await LookAsync(sweeper, finds: false));
        _time.Advance(WorkBeacon.Settled);
        Assert.False(await LookAsync(sweeper, finds: false));
        Assert.True(await sweeper.IsOutAsync(default));

        _time.Advance(WorkBeacon.Lit);
        await writer.LightAsync(default);

        Assert.False(await LookAsync(sweeper, finds: false));
    }

    [Fact]
    public async Task IsOut_WrittenInTheMinuteInWhichItIsNotLitAgain_IsStillSeen()
    {
        WorkBeacon sweeper = Beacon(), writer = Beacon();
        await writer.LightAsync(default);
        Assert.False(await LookAsync(sweeper, finds: false));
        _time.Advance(WorkBeacon.Lit / 2);
        Assert.False(await LookAsync(sweeper, finds: false));

        // Something is written now, under a beacon that counts as lit: the sweep has to look again although nothing has changed in it.
        await writer.LightAsync(default);

        Assert.Equal(1, _writes);
        _time.Advance(WorkBeacon.Pause);
        Assert.False(await LookAsync(sweeper, finds: true));
        _time.Advance(WorkBeacon.Settled);
        Assert.False(await LookAsync(sweeper, finds: true));
        Assert.False(await LookAsync(sweeper, finds: false));
        Assert.True(await sweeper.IsOutAsync(default));
    }

    [Fact]
    public async Task IsOut_Rests_LooksOnceAnHourAllTheSame()
    {
        WorkBeacon sweeper = Beacon();
        await LookAsync(sweeper, finds: false);
        _time.Advance(WorkBeacon.Settled);
        await LookAsync(sweeper, finds: false);
        int looks = 0;
        for (int minute = 0; minute < 180; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            looks += await LookAsync(sweeper, finds: false) ? 0 : 1;
        }

        Assert.Equal((3, 182), (looks, _reads));
    }

    [Fact]
    public async Task IsOut_FoundNothingUnderALitBeacon_PausesUnlessThisProcessLitItOrAnotherHas()
    {
        WorkBeacon sweeper = Beacon(), other = Beacon();
        await other.LightAsync(default);
        Assert.False(await LookAsync(sweeper, finds: false));
        _time.Advance(WorkBeacon.Pause / 2);
        Assert.True(await sweeper.IsOutAsync(default));
        _time.Advance(WorkBeacon.Pause / 2);
        Assert.False(await LookAsync(sweeper, finds: true));
        Assert.False(await LookAsync(sweeper, finds: false));
        Assert.True(await sweeper.IsOutAsync(default));

        // What this process may be writing is looked for at once, as long as the write may take.
        await sweeper.LightAsync(default);
        Assert.False(await LookAsync(sweeper, finds: false));
        Assert.False(await LookAsync(sweeper, finds: false));
        _time.Advance(WorkBeacon.Pause);
        Assert.False(await LookAsync(sweeper, finds: false));
        Assert.True(await sweeper.IsOutAsync(default));

        _time.Advance(WorkBeacon.Lit);
        await other.LightAsync(default);
        Assert.False(await LookAsync(sweeper, finds: false));
    }

    [Fact]
    public async Task Light_AgainAndAgain_WritesOnceAMinute()
    {
        WorkBeacon writer = Beacon();
        for (int second = 0; second < 600; second++)
        {
            await writer.LightAsync(default);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, _writes);
    }

    [Fact]
    public async Task Light_ByManyAtOnce_WritesOnceAndNobodyGoesOnBefore()
    {
        var gate = new TaskCompletionSource<Response>();
        _table.Setup(t => t.UpsertEntityAsync(It.IsAny<TableEntity>(), TableUpdateMode.Replace, It.IsAny<CancellationToken>()))
            .Returns(gate.Task);
        WorkBeacon writer = Beacon();
        using var gone = new CancellationTokenSource();

        Task left = writer.LightAsync(gone.Token);
        Task[] many = [.. Enumerable.Range(0, 100).Select(_ => writer.LightAsync(default))];
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.DoesNotContain(many, task => task.IsCompleted);
        gate.SetResult(Mock.Of<Response>());
        await Task.WhenAll(many);
        _table.Verify(
            t => t.UpsertEntityAsync(It.IsAny<TableEntity>(), TableUpdateMode.Replace, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Light_StorageDoesNotAnswer_ThrowsAndCountsAsNotLit()
    {
        _table.SetupSequence(t => t.UpsertEntityAsync(It.IsAny<TableEntity>(), TableUpdateMode.Replace, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new RequestFailedException(503, "away"))
            .ReturnsAsync(Mock.Of<Response>());
        WorkBeacon writer = Beacon();

        await Assert.ThrowsAsync<RequestFailedException>(() => writer.LightAsync(default));
        await writer.LightAsync(default);

        _table.Verify(
            t => t.UpsertEntityAsync(It.IsAny<TableEntity>(), TableUpdateMode.Replace, It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    private WorkBeacon Beacon() => new(_table.Object, "work", _time);

    /// <summary>One run of a sweep; true if it rested.</summary>
    private static async Task<bool> LookAsync(WorkBeacon sweeper, bool finds)
    {
        if (await sweeper.IsOutAsync(default))
        {
            return true;
        }

        sweeper.Found(finds);
        return false;
    }

    private sealed class Row(TableEntity? entity) : NullableResponse<TableEntity>
    {
        public override bool HasValue => entity is not null;

        public override TableEntity? Value => entity;

        public override Response GetRawResponse() => Mock.Of<Response>();
    }
}
