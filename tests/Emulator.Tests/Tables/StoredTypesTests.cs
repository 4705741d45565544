using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

[Collection(AzuriteTablesCollection.Name)]
public sealed class StoredTypesTests(AzuriteTables azurite)
{
    [Fact]
    public async Task AddEntity_EveryTypeInATableEntity_ComesBackAsItWas()
    {
        var table = await azurite.NewTableAsync();
        var badge = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
        var joined = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.FromHours(2)).AddTicks(1234);
        var entity = new TableEntity("p", "r")
        {
            ["Text"] = "Zoë said \"it's 5 > 4\" \\ 東京 🎉 \u2028 end\r\n",
            ["Empty"] = string.Empty,
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["Double"] = 0.1,
            ["Whole"] = 5.0,
            ["Huge"] = 1.5e300,
            ["NaN"] = double.NaN,
            ["Infinity"] = double.PositiveInfinity,
            ["Minus"] = double.NegativeInfinity,
            ["Yes"] = true,
            ["No"] = false,
            ["Guid"] = badge,
            ["Time"] = joined,
            ["Utc"] = joined.UtcDateTime,
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
            ["Data"] = new BinaryData(new byte[] { 7 }),
            ["Nothing"] = null,
        };

        var added = await table.AddEntityAsync(entity);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(204, added.Status);
        Assert.Equal(entity.GetString("Text"), read.GetString("Text"));
        Assert.Equal(string.Empty, read.GetString("Empty"));
        Assert.Equal(int.MinValue, read.GetInt32("Int"));
        Assert.Equal(long.MaxValue, read.GetInt64("Long"));
        Assert.Equal(0.1, read.GetDouble("Double"));
        Assert.Equal(5.0, read.GetDouble("Whole"));
        Assert.Equal(1.5e300, read.GetDouble("Huge"));
        Assert.Equal(double.NaN, read.GetDouble("NaN"));
        Assert.Equal(double.PositiveInfinity, read.GetDouble("Infinity"));
        Assert.Equal(double.NegativeInfinity, read.GetDouble("Minus"));
        Assert.True(read.GetBoolean("Yes"));
        Assert.False(read.GetBoolean("No"));
        Assert.Equal(badge, read.GetGuid("Guid"));
        Assert.Equal(joined, read.GetDateTimeOffset("Time"));
        Assert.Equal(joined.UtcDateTime, read.GetDateTime("Utc"));
        Assert.Equal([0, 1, 254, 255], read.GetBinary("Bytes"));
        Assert.Equal([7], read.GetBinaryData("Data").ToArray());
        Assert.False(read.ContainsKey("Nothing"));
        Assert.Equal(added.Headers.ETag, read.ETag);
        Assert.NotNull(read.Timestamp);
    }

    [Fact]
    public async Task AddEntity_EveryTypeInAClass_ComesBackAsItWas()
    {
        var table = await azurite.NewTableAsync();
        var person = new Person
        {
            PartitionKey = "p",
            RowKey = "r",
            Name = "Ada",
            Age = 36,
            Children = 3,
            Steps = 1L << 40,
            Savings = -1,
            Height = 1.65,
            Weight = double.PositiveInfinity,
            Active = true,
            Member = false,
            Badge = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
            Locker = Guid.Empty,
            Joined = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Left = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
            Born = new DateTime(1815, 12, 10, 0, 0, 0, DateTimeKind.Utc),
            Photo = [1, 2, 3],
            Voice = new BinaryData("hum"),
            Mood = Mood.Cheerful,
            Yesterday = Mood.Calm,
            Nickname = "Countess",
            Secret = "not stored",
            Motto = "onwards",
        };

        await table.AddEntityAsync(person);
        var read = (await table.GetEntityAsync<Person>("p", "r")).Value;
        var stored = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equivalent(
            new { person.Name, person.Age, person.Children, person.Steps, person.Savings, person.Height, person.Weight, person.Active, person.Member, person.Badge, person.Locker },
            read);
        Assert.Equivalent(new { person.Joined, person.Left, person.Born, person.Photo, person.Mood, person.Yesterday, person.Nickname, person.Motto, Loaded = 1 }, read);
        Assert.Equal("hum", read.Voice!.ToString());
        Assert.Null(read.Secret);
        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
        Assert.Equal("Cheerful", stored["Mood"]);
        Assert.Equal("Countess", stored["nick_name"]);
        Assert.False(stored.ContainsKey("Nickname"));
        Assert.False(stored.ContainsKey("Secret"));
    }

    [Fact]
    public async Task GetEntity_NullsAndUnknownProperties_LeaveTheClassAsItWasConstructed()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Unheard"] = "of", ["UnheardLong"] = 5L });

        var read = (await table.GetEntityAsync<Person>("p", "r")).Value;

        Assert.Null(read.Children);
        Assert.Null(read.Left);
        Assert.Equal(1, read.Loaded);
    }
}
