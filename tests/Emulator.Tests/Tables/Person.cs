using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

public enum Mood
{
    Calm,
    Cheerful,
}

/// <summary>An entity class with every type that can be stored.</summary>
public sealed class Person : ITableEntity
{
    public string PartitionKey { get; set; } = string.Empty;

    public string RowKey { get; set; } = string.Empty;

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Name { get; set; }

    public int Age { get; set; }

    public int? Children { get; set; }

    public long Steps { get; set; }

    public long? Savings { get; set; }

    public double Height { get; set; }

    public double? Weight { get; set; }

    public bool Active { get; set; }

    public bool? Member { get; set; }

    public Guid Badge { get; set; }

    public Guid? Locker { get; set; }

    public DateTimeOffset Joined { get; set; }

    public DateTimeOffset? Left { get; set; }

    public DateTime? Born { get; set; }

    public byte[]? Photo { get; set; }

    public BinaryData? Voice { get; set; }

    public Mood Mood { get; set; }

    public Mood? Yesterday { get; set; }

    [DataMember(Name = "nick_name")]
    public string? Nickname { get; set; }

    [IgnoreDataMember]
    public string? Secret { get; set; }

    public int Loaded { get; private set; } = 1;

    public string? Motto { get; init; }
}
