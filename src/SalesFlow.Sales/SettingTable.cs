using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales;

/// <summary>Something an administrator set on the running system.</summary>
public sealed class Setting
{
    /// <summary>What it is, e.g. "template:offer.ru".</summary>
    public string Key { get; set; } = "";
    /// <summary>Its value as text or JSON.</summary>
    public string Value { get; set; } = "";
}

/// <summary>The table of settings.</summary>
internal sealed class SettingTable : IEntityTypeConfiguration<Setting>
{
    public void Configure(EntityTypeBuilder<Setting> setting)
    {
        setting.ToTable("settings");
        setting.HasKey(s => s.Key);
    }
}
