using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales;

namespace SalesFlow.Storage.Postgres;

/// <summary>The company's database on a PostgreSQL server.</summary>
public sealed class PostgresSalesFlowDb(DbContextOptions<PostgresSalesFlowDb> options) : SalesFlowDb(options);
