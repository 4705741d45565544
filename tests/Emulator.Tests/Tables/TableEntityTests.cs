using Azure;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

public sealed class TableEntityTests
{
    [Fact]
    public void Getter_PropertyOfAnotherType_ThrowsAndNamesIt()
    {
        var entity = new TableEntity { ["Age"] = 5 };

        var error = Assert.Throws<InvalidOperationException>(() => entity.GetString("Age"));

        Assert.Contains("'Age'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Getter_PropertyThatIsNotThere_ReturnsNull()
    {
        var entity = new TableEntity();

        Assert.Null(entity["No"]);
        Assert.Null(entity.GetInt32("No"));
        Assert.Null(entity.GetDateTime("No"));
        Assert.Null(entity.GetBinaryData("No"));
    }

    [Fact]
    public void Indexer_IntWhereALongOrDoubleStood_KeepsTheStoredType()
    {
        var entity = new TableEntity { ["Long"] = 5L, ["Double"] = 0.5 };

        entity["Long"] = 6;
        entity["Double"] = 2;

        Assert.Equal((6L, 2.0), (entity.GetInt64("Long"), entity.GetDouble("Double")));
    }

    [Fact]
    public void Keys_SetByPropertyOrByIndexer_AreTheSame()
    {
        var entity = new TableEntity(new Dictionary<string, object> { ["PartitionKey"] = "p", ["A"] = 1 }) { RowKey = "r", ETag = new ETag("W/\"1\"") };

        Assert.Equal(("p", "r"), (entity.PartitionKey, entity["RowKey"]));
        Assert.Equal(new ETag("W/\"1\""), entity.ETag);
        Assert.Equal(4, entity.Count);
        Assert.True(entity.Remove("A"));
        Assert.False(entity.ContainsKey("A"));
    }

    [Fact]
    public void Times_OfEitherType_AreReadAsBoth()
    {
        var moment = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));
        var entity = new TableEntity { ["Offset"] = moment, ["Utc"] = moment.UtcDateTime };

        Assert.Equal(moment.UtcDateTime, entity.GetDateTime("Offset"));
        Assert.Equal(moment, entity.GetDateTimeOffset("Utc"));
    }
}
